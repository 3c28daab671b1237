const PRICES = { day: 31.4, night: 22.9, weekend: 25.1 };

export function band(minute) {
  const day = Math.floor(minute / 1440) % 7;
  if (day >= 5) return 'weekend';
  const hour = Math.floor((minute % 1440) / 60);
  return hour >= 6 && hour < 22 ? 'day' : 'night';
}

export function price(minute, kilowattHours) {
  const rate = process.env.TARIFF_FLAT ? Number(process.env.TARIFF_FLAT) : PRICES[band(minute)];
  const cents = rate * kilowattHours;
  return process.env.TARIFF_VAT === 'included' ? cents * 1.19 : cents;
}
