process.env.NODE_ENV = process.env.APP_ENV ?? 'development';

export const currency = process.env.APP_CURRENCY ?? 'EUR';
export const siteName = 'Hardware & Garden';
