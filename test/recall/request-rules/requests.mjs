const WORDS = 'thank you for the parcel it came on monday but one of the cups was broken could you send another please our address is still the same and the invoice number starts with seven kind regards from the whole family'.split(' ');

function xorshift(seed) {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Posts as the shop's forms send them: contact messages, reviews, and now and then something bad. */
export function* posts(count) {
  const next = xorshift(2463534242);
  for (let i = 0; i < count; i++) {
    const length = 18 + next(60);
    const text = Array.from({ length }, () => WORDS[next(WORDS.length)]).join(' ');
    const kind = next(40);
    let body = text;
    if (kind === 0) body = `${text}' union all select name, password from users --`;
    else if (kind === 1) body = `${text} <img src=x onerror = alert(1)>`;
    else if (kind < 6) body = `order=${next(90000)}&text=${text}`;
    yield { form: kind % 2 ? 'contact' : 'review', address: `10.0.${next(255)}.${next(255)}`, body };
  }
}
