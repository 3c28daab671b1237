export function newPlan(rooms, days) {
  return {
    rooms: Array.from({ length: rooms }, (_, i) => ({ name: `room ${i + 1}`, seats: 6 + ((i * 7) % 30), tags: { beamer: i % 3 === 0, ground: i % 4 < 2 } })),
    days: Array.from({ length: days }, () => ({ bookings: [] })),
  };
}

function overlaps(booking, wish) {
  return booking.span.from < wish.from + wish.hours && wish.from < booking.span.to;
}

function isFree(plan, day, room, wish) {
  const { bookings } = plan.days[day];
  for (let i = 0; i < bookings.length; i++) {
    if (bookings[i].room === room && overlaps(bookings[i], wish)) return false;
  }
  return true;
}

/** The smallest room that is free and fits. */
export function place(plan, wish) {
  let best = -1;
  for (let room = 0; room < plan.rooms.length; room++) {
    const { seats, tags } = plan.rooms[room];
    if (seats < wish.people || (wish.beamer && !tags.beamer)) continue;
    if (best >= 0 && seats >= plan.rooms[best].seats) continue;
    if (isFree(plan, wish.day, room, wish)) best = room;
  }
  if (best >= 0) plan.days[wish.day].bookings.push({ room: best, span: { from: wish.from, to: wish.from + wish.hours }, who: wish.who });
  return best;
}
