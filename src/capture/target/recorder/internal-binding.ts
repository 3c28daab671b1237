/**
 * A part of Node.js that stands below its public modules. Throws under the permission
 * model, which hides them. No warning is given, whatever the options.
 */
export function internalBinding(name: string): unknown {
  const internals = process as unknown as { binding(name: string): unknown; noDeprecation?: boolean };
  const before = internals.noDeprecation;
  if (before) return internals.binding(name); // with --no-deprecation it cannot be written to
  try {
    internals.noDeprecation = true;
    return internals.binding(name);
  } finally {
    if (before === undefined) delete internals.noDeprecation;
    else internals.noDeprecation = before;
  }
}
