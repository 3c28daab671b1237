// Checks names with a pattern that tries every way to split them.
const words = /^(\w+\s?)*$/;

function isClean(text) {
  return words.test(text);
}

const end = Date.now() + 1200;
let clean = 0;
for (let i = 0; Date.now() < end; i++) {
  if (isClean(`the quick brown fox ${i % 10}!`)) clean++;
}
console.log(clean);
