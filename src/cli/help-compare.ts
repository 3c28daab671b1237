/** Help texts of the commands that compare. */
export const compareHelp = `plateau compare – what changed between two profiles

Usage
  plateau compare BEFORE AFTER [options]
  plateau compare --before FILE… --after FILE… [options]

Reads every format that plateau analyze reads, packed or not. Functions are matched by
name and source file, through source maps; those without a name by what encloses them, their
place and their body. A function that was moved or renamed is told as moved.

With several files a side each file is a run, and the comparison says which changes are more
than chance: faster, slower, no difference (the 95 % interval lies inside ± 5 %) or
inconclusive. Four runs a side are the fewest that can say anything, five the fewest that
can name functions. The order in which the runs were made is not known: plateau measure,
which runs both versions in turns, is told less by a machine that got slower meanwhile.
One file against one has sizes, and no verdict.

Options
  --scale WHAT       what costs are of; nothing else is scaled (default: run)
                       raw      as recorded: sums over the runs of a side
                       run      a run
                       call     a call, of recordings of a function in a loop
                       request  a request, where it is known how many there were
                       share    percent of active time
  --json             the whole comparison as JSON (schema: schema/comparison.schema.json)
  --top N            how many functions (default: 20; with --json: all)
  --thread WHICH     of recordings with several threads, which one: a number or a name, or all
  --process PID      the same: of which process
  --profile WHICH    of files that hold several profiles, which one: a number, a name, or merge

Exit codes
  0  no slowdown
  1  slower
  2  wrong usage
  3  inconclusive; also one file against one, which decides nothing
  4  an input is missing, unreadable or does not fit

Examples
  plateau compare before.cpuprofile after.cpuprofile
  plateau compare --before old-1.cpuprofile old-2.cpuprofile … --after new-1.cpuprofile …
  plateau compare --scale share monday.pb.gz tuesday.pb.gz --json
`;
