function importedNames(node) {
  return node.specifiers
    .filter((s) => s.type === 'ImportSpecifier')
    .map((s) => ({ spec: s, imported: s.imported.name, local: s.local.name }));
}

export default function renameApi({ types: t }, options) {
  const { renames, from, to, stats } = options;

  return {
    name: 'rename-legacy-api',
    visitor: {
      ImportDeclaration(path) {
        if (path.node.source.value !== from) return;
        path.node.source = t.stringLiteral(to);
        for (const { spec, imported } of importedNames(path.node)) {
          const next = renames[imported];
          if (!next) continue;
          spec.imported = t.identifier(next);
          spec.local = t.identifier(next);
        }
        stats.imports++;
      },

      CallExpression(path) {
        const callee = path.get('callee');
        if (!callee.isIdentifier()) return;
        const next = renames[callee.node.name];
        if (!next) return;

        // positional (id, opts) became a single request object
        const [id, opts] = path.node.arguments;
        const props = [];
        if (id) props.push(t.objectProperty(t.identifier('id'), id));
        if (opts) props.push(t.objectProperty(t.identifier('options'), opts));

        callee.replaceWith(t.identifier(next));
        path.node.arguments = [t.objectExpression(props)];
        path.scope.getProgramParent().crawl();
        stats.renamed++;
      },

      Program: {
        exit(path) {
          path.addComment('leading', ' migrated to @shop/api ', false);
        },
      },
    },
  };
}
