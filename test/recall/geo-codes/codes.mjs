const DIGITS = '23456789CFGHJMPQRVWX';

/** A short code for a place: pairs of digits, each pair halves the cell twenty times finer. */
export function encode(latitude, longitude, length = 10) {
  let north = Math.min(180, Math.max(0, latitude + 90));
  let east = (longitude + 180) % 360;
  let size = 20;
  let code = '';
  for (let i = 0; i < length; i += 2) {
    const y = Math.min(19, Math.floor(north / size));
    const x = Math.min(19, Math.floor(east / size));
    code += DIGITS[y] + DIGITS[x];
    north -= y * size;
    east -= x * size;
    size /= 20;
    if (i === 6) code += '+';
  }
  return code;
}

export function nearest(place, depots) {
  let best = null;
  let least = Infinity;
  for (const depot of depots) {
    const distance = Math.hypot(depot.latitude - place.latitude, (depot.longitude - place.longitude) * Math.cos((place.latitude * Math.PI) / 180));
    if (distance < least) {
      least = distance;
      best = depot;
    }
  }
  return { depot: best.name, kilometres: least * 111.2 };
}
