export function precisionPage() {}
