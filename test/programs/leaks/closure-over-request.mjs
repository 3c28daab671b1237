// Callbacks that are never called keep the request that they close over.
const callbacks = [];

function handle(request) {
  const onDone = () => request.body.length;
  callbacks.push(onDone);
}

export function exercise() {
  handle({ url: '/orders', body: Array.from({ length: 20 }, (_, i) => i) });
}
