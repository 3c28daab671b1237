const BASE = `http://127.0.0.1:${process.env.UPSTREAM_PORT}`;

export interface Answer {
  service: string;
  value: number;
}

export async function fetchJson(service: string, ms: number): Promise<Answer> {
  const response = await fetch(`${BASE}/${service}?ms=${ms}`);
  if (!response.ok) throw new Error(`${service} answers ${response.status}`);
  return (await response.json()) as Answer;
}
