/** The file that Java's rules ask for: `shop.Cart$Item.sum` and `shop/Cart.sum` -> `shop/Cart.java`; undefined for other names. */
export function javaFile(name: string): string | undefined {
  const [, type] = /^((?:[\w$]+[./]){0,40}[A-Z][\w$]*)\.[\w$<>]+(?:\(.*)?$/.exec(name.slice(0, 1000)) ?? [];
  return type && `${type.replace(/(?<=[\w])\$.*$/, '').replaceAll('.', '/')}.java`;
}
