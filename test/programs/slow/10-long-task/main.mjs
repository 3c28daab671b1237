// A heartbeat every 50 ms, and a report every second that keeps it from beating.
let beats = 0;
const heart = setInterval(() => beats++, 50);

function report() {
  let sum = 0;
  const end = process.cpuUsage().user + 400_000;
  while (process.cpuUsage().user < end) {
    for (let i = 0; i < 200_000; i++) sum += Math.sqrt(i);
  }
  return sum;
}

let reports = 0;
const reporter = setInterval(() => {
  report();
  if (++reports === 3) {
    clearInterval(heart);
    clearInterval(reporter);
    console.log(beats > 0);
  }
}, 1000);
