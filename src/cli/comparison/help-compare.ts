/** Help texts of the commands that compare. */
export const compareHelp = `plateau compare – what changed between two profiles

Usage
  plateau compare BEFORE AFTER [options]
  plateau compare --before FILE… --after FILE… [options]

Reads every format that plateau analyze reads, packed or not. Functions are matched by
name and source file, through source maps; those without a name by what encloses them, their
place and their body. A function that was moved or renamed is reported as moved.

With several files a side each file is a run, and the comparison says which changes are more
than chance: faster, slower, no difference (the 95 % interval lies inside ± 5 %) or
inconclusive. Four runs a side are the fewest that can say anything, five the fewest that
can name functions. The order in which the runs were made is not known: plateau measure,
which runs both versions in turns, is not misled by a machine that got slower meanwhile.
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

export const measureHelp = `plateau measure – whether a change made a program faster

Usage
  plateau measure --before REF [--after REF] [options] -- COMMAND…
  plateau measure --self-check [--before REF] [options] -- COMMAND…

Runs two versions in turns, each run in fresh processes: before, after, after, before, and so
on. One run of each warms up, then come the pairs that are timed, then as many that are
profiled: the profiler's cost decides nothing. The number of runs is fixed before the first.

The version before is a commit, a branch or a tag. The version after is the working tree, or
--after. A version that is not the working tree is checked out as a git worktree in the
folder for temporary files, and removed at the end; your files and your index are not touched.
It gets links to the dependencies that are installed. Where lock files differ, that is said.
Paths into your checkout in COMMAND mean the version that runs. The output of the command goes
nowhere; it must end by itself, with exit code 0.

Each run is measured by wall time, which decides; CPU time, garbage collection, bytes allocated,
peak memory and the longest event-loop delay, of all its Node.js processes. Verdicts: faster,
slower, no difference (the 95 % interval lies inside ± 5 %), inconclusive. How they come about, and
what they can see: docs/statistics.md. Where runs vary by 10 % or more, the causes that are
seen on this machine are reported.

Options
  --before REF       the version to measure against
  --after REF        the other one (default: the working tree)
  --pairs N          pairs that are timed, and as many that are profiled, 2 to 200
                     (default: 10; fewer than 6 can find nothing)
  --self-check       measure a version against itself: exit 1 if anything is said to differ
  --install          install each version's own dependencies instead of linking
  --interval N       µs between samples of the profiled runs (default: 1000)
  --node PATH        the Node.js that runs a FILE.js (default: node)
  --json             the whole comparison as JSON (schema: schema/comparison.schema.json)
  --top N            how many functions (default: 20; with --json: all)

Ctrl+C cancels: what runs is ended, and nothing is left.

Exit codes
  0  no slowdown
  1  slower; with --self-check: a difference that cannot be
  2  wrong usage, or nothing was measured
  3  inconclusive
  4  no such version, no repository, or no program

Examples
  plateau measure --before main -- node bench.js
  plateau measure --before v1.2.0 --after v1.3.0 --pairs 20 -- npm run bench
  plateau measure --self-check -- node bench.js
`;
