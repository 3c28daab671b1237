/** What functions of packages do that their callers may not expect: the table behind `work-packages.ts`. */

export interface KnownCall {
  readonly names: readonly string[];
  readonly packages: readonly string[];
  /** `$` stands for the name. */
  readonly deed: string;
  readonly why: string;
  readonly advice: string;
  /** Called on an object of the package, which the file need not have made. */
  readonly isOfObject?: boolean;
  /** Only with a text as its first argument. */
  readonly takesText?: boolean;
  /** Functions of the package of which some have much of the time where it is so. */
  readonly through?: readonly string[];
  /** What it is called in a profile where that is another name. */
  readonly entries?: readonly string[];
}

export const knownCalls: readonly KnownCall[] = [
  {
    names: ['diffChars', 'diffWords', 'diffWordsWithSpace'],
    packages: ['diff'],
    deed: 'compares whole texts piece by piece (`$`)',
    why: 'The time grows with the length times the number of differences.',
    advice: 'Compare lines first (diffLines), and characters or words only within the lines that differ.',
  },
  {
    names: ['uniqWith', 'unionWith', 'differenceWith', 'intersectionWith', 'xorWith', 'pullAllWith'],
    packages: ['lodash', 'lodash-es'],
    deed: 'compares all pairs (`$`)',
    why: 'What a function compares cannot be looked up, so each is compared with each: the time grows with the square.',
    advice: 'Use the form with a key (uniqBy, differenceBy), or a Map by a text or number that tells them apart.',
  },
  {
    names: ['find', 'findOne', 'findAndUpdate', 'findAndRemove', 'where', 'count'],
    packages: ['lokijs'],
    deed: 'searches a collection of lokijs (`$`)',
    why: 'A search by a field without index goes through all documents.',
    advice: 'Name the field in `unique` (and ask with by()) or `indices` of addCollection, or use ensureIndex.',
    isOfObject: true,
  },
  {
    names: ['find', 'findOne', 'count', 'update', 'remove'],
    packages: ['nedb', '@seald-io/nedb', 'nedb-promises'],
    deed: 'searches a collection of nedb (`$`)',
    why: 'A search by a field without index goes through all documents.',
    advice: 'Give the field an index: ensureIndex({ fieldName }).',
    isOfObject: true,
  },
  {
    names: ['produce'],
    packages: ['immer'],
    deed: 'makes a draft of the state (`$`)',
    why: 'Each call wraps what it reads in Proxies and freezes the result.',
    advice: 'Make all changes of a loop within one produce, or change plain copies where it runs often.',
  },
  {
    names: ['toJS', 'fromJS'],
    packages: ['immutable'],
    deed: 'converts a whole structure (`$`)',
    why: 'Everything in it is copied.',
    advice: 'Read single values with get and getIn, or convert once where the data comes in or goes out.',
    isOfObject: true,
  },
  {
    names: ['compile', 'compileFile', 'precompile', 'template', 'render', 'renderFile', 'renderString'],
    packages: ['handlebars', 'ejs', 'pug', 'lodash', 'dot'],
    deed: 'compiles a template (`$`)',
    why: 'To compile takes ten to a thousand times what filling in the compiled template does.',
    advice: 'Compile each template once, when it is first needed, keep the function that it gives in a Map by the name of the template, and call that.',
  },
  {
    names: ['renderString', 'compile'],
    packages: ['nunjucks'],
    deed: 'compiles a template (`$`)',
    why: 'To compile takes ten to a thousand times what filling in the compiled template does.',
    advice: 'Compile each template once (nunjucks.compile, or render by its name, which keeps it), and render that.',
  },
  {
    names: ['parse', 'validate', 'graphqlSync', 'graphql'],
    packages: ['graphql'],
    deed: 'parses or checks the text of a query (`$`)',
    why: 'The same query gives the same document, however often it is asked.',
    advice: 'Keep the parsed and validated document in a Map by the text of the query, and execute that.',
  },
  {
    names: ['compile', 'parse', 'evaluate', 'simplify'],
    // The functions of mathjs are made by typed-function.
    entries: ['theTypedFn'],
    packages: ['mathjs', 'typed-function', 'expr-eval', 'jexl', 'jsonata', 'filtrex'],
    deed: 'parses a formula (`$`)',
    why: 'To parse takes far more than to evaluate what was parsed.',
    advice: 'Compile each formula once (math.compile), keep that in a Map by its text, and evaluate it with other values.',
  },
  {
    names: ['generate', 'fromCompiled', 'buildSchema', 'makeExecutableSchema', 'buildASTSchema', 'loadSync', 'fromJSON', 'addSchema'],
    packages: ['peggy', 'pegjs', 'nearley', 'graphql', '@graphql-tools/schema', 'protobufjs', 'ajv'],
    deed: 'builds a grammar or a schema (`$`)',
    why: 'It is made to be built once, and used often.',
    advice: 'Build it once, at the top of the module or when it is first needed, and keep it.',
  },
  {
    names: ['highlightAuto'],
    packages: ['highlight.js', 'lowlight'],
    deed: 'tries all languages on the text (`$`)',
    why: 'The text is highlighted in each of nearly two hundred languages, to keep the best.',
    advice: 'Name the language where it is known (highlight with { language }), or give a short list of those that come into question.',
  },
  {
    names: ['isEqual', 'isEqualWith', 'isMatch'],
    packages: ['lodash', 'lodash-es', 'underscore'],
    deed: 'compares whole values (`$`)',
    why: 'Everything in both is walked, most of all where they are equal.',
    advice: 'Compare what tells them apart: a version, a time of change, an id, or the references themselves where changed values are new objects.',
  },
  {
    names: ['cloneDeep', 'cloneDeepWith', 'merge', 'mergeWith', 'defaultsDeep'],
    packages: ['lodash', 'lodash-es'],
    deed: 'copies everything in a value (`$`)',
    why: 'The time and the garbage grow with its size, whatever changes afterwards.',
    advice: 'Copy only the path that changes, level by level, and share the rest; or do without the copy where nobody changes it.',
  },
  {
    names: ['querySelector', 'querySelectorAll', 'getElementsByClassName', 'getElementsByTagName', 'closest', 'matches'],
    packages: ['jsdom', 'linkedom', 'happy-dom', 'nwsapi', '@asamuzakjp/dom-selector'],
    deed: 'searches the document (`$`)',
    why: 'Each search matches the selector with the elements one by one, in JavaScript.',
    advice: 'Search once, before the loop, and go through what was found; keep elements that are needed again in a Map by their key.',
    isOfObject: true,
  },
  {
    names: ['getComputedStyle'],
    packages: ['jsdom', 'happy-dom'],
    deed: 'computes the style of an element (`$`)',
    why: 'All rules of all style sheets are matched with it.',
    advice: 'Ask once for each element and keep it, or look at a class or an attribute instead.',
    isOfObject: true,
  },
  {
    names: ['$', 'find', 'filter', 'closest', 'is', 'not', 'has'],
    takesText: true,
    entries: ['LoadedCheerio', 'initialize'],
    packages: ['cheerio', 'cheerio-select', 'css-select'],
    deed: 'searches the document by a selector (`$`)',
    why: 'The selector is matched with all elements below.',
    advice: 'Search once, before the loop, and go through what was found; within an element look only among its children.',
    isOfObject: true,
  },
  {
    names: ['insertRow', 'insertRows', 'spliceRows', 'duplicateRow', 'spliceColumns'],
    packages: ['exceljs'],
    deed: 'moves all rows behind it (`$`)',
    why: 'Each insertion copies every cell below, so that n insertions cost the square.',
    advice: 'Put the rows together in an array in their order, and add them at the end (addRows).',
    isOfObject: true,
  },
  {
    names: ['history', 'pgn', 'loadPgn', 'isThreefoldRepetition', 'isDraw', 'isGameOver'],
    packages: ['chess.js'],
    deed: 'goes through the whole game (`$`)',
    why: 'All moves are taken back and made again, or all are made out again.',
    advice: 'Ask once after the game or after each move, and keep what it gave.',
    isOfObject: true,
  },
  {
    names: ['crawl', 'traverse', 'requeue'],
    packages: ['@babel/traverse'],
    deed: 'walks all of the tree again (`$`)',
    why: 'It goes through everything below, however little has changed.',
    advice:
      'Do it once, when all changes are made (in Program.exit), or tell only what has changed: scope.rename, registerDeclaration, or another visitor in the same walk (path.traverse with state, visitors.merge).',
    isOfObject: true,
  },
  {
    names: ['parse', 'parseDocument', 'parseAllDocuments'],
    packages: ['yaml'],
    through: ['mapIncludes'],
    deed: 'parses YAML, and looks for each key among all before it (`$`)',
    why: 'That keys are unique is checked by searching those that are there: the time grows with the square of the keys of one map.',
    advice: 'Give { uniqueKeys: false } where the text is written by a program, divide large maps into smaller ones, or keep such data as JSON.',
  },
  {
    names: ['load'],
    packages: ['lunr'],
    deed: 'loads a whole index (`$`)',
    why: 'All words and documents of it are read again.',
    advice: 'Load the index once, and keep it.',
  },
];
