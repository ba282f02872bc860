/** Lint rules of this workspace, for the doors that no stock rule closes. */

/** `import(x)` takes a plain string, so that the other rules see what is imported. */
const literalImport = {
  meta: {
    type: 'problem',
    messages: { literal: 'import() takes a plain string literal, so that lint sees what is imported.' },
  },
  create: (context) => ({
    ImportExpression({ source }) {
      if (source.type !== 'Literal' || typeof source.value !== 'string')
        context.report({ node: source, messageId: 'literal' });
    },
  }),
};

export default { meta: { name: 'doors' }, rules: { 'literal-import': literalImport } };
