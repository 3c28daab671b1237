import { exportFormats } from '../service/export/export-formats';
import { version } from '../service/support/version';
import { compareHelp, measureHelp } from './comparison/help-compare';

const general = `plateau ${version} – find out where JavaScript and TypeScript spend their time

Usage
  plateau record [options] -- COMMAND…     run a program and record its CPU profile
  plateau analyze FILE [options]           what a profile says: functions, lines, findings
  plateau doctor [options] -- COMMAND…     measure a program and say where it is slow, and why
  plateau compare BEFORE AFTER [options]   what changed between two profiles, or several a side
  plateau measure --before REF -- COMMAND… whether a change made a program faster
  plateau export FILE --to FORMAT          write a profile in another format
  plateau heap COMMAND FILE…               what a heap snapshot says: classes, changes, retainers
  plateau rules test|list                  rules of your own: run their examples, list all rules
  plateau lsp --stdio                      annotations, hovers and diagnostics for any editor
  plateau help COMMAND                     more about one command
  plateau --version

Exit codes
  0  fine
  1  a finding at or above the level of --fail-on (doctor: error, unless it says otherwise)
  2  wrong usage, or nothing was measured
  3  inconclusive
  4  an input is missing, unreadable or does not fit

Nothing leaves this machine: no network, no telemetry.
`;

const commands: Readonly<Record<string, string>> = {
  record: `plateau record – run a program and record its CPU profile

Usage
  plateau record [options] -- node app.js arguments…
  plateau record [options] -- npm run bench
  plateau record [options] FILE.ts [arguments…]

Every thread of every Node.js process of the command is recorded and kept: the one
that computed most as NAME.cpuprofile, the others as NAME.t2.cpuprofile and so on.
No inspector port is opened, and nothing is printed into the program's output. With
--attach and --pid the main thread alone is recorded, through the inspector's port.
A heap recording is of one thread: the one with the largest heap unless --thread or
--process choose another.

A TypeScript file runs as with tsc and Node.js or ts-node, on any Node.js from 20 on.
A loader that you have set up keeps its place.

Ctrl+C goes to the program, and the profile is kept. If the program goes on, the
next one ends it and keeps the profile, and one more discards it. With --attach and
--pid, Ctrl+C stops the recording and leaves the program running.

Options
  --out FILE         where to write (default: .plateau/profiles/NAME-DATE.cpuprofile);
                     an existing file is not overwritten
  --force            overwrite an existing --out file
  --type TYPE        what to record (default: cpu)
                       cpu          where time goes (.cpuprofile)
                       heap         which stacks allocate, sampled (.heapprofile)
                       snapshot     every object of the heap (.heapsnapshot)
                       allocations  a snapshot in which each object names the stack
                                    that made it; the program runs several times slower
  --interval N       cpu: µs between samples, 50 to 1000000 (default: 1000)
                     heap: bytes between samples (default: 32768)
  --collected        heap: count what was collected since, too
  --thread WHICH     heap, snapshot, allocations: which thread, by its number, its name, or
                     main (default: the one with the largest heap of all)
  --process WHICH    the same: which process, by its number or its script
  --seconds N        stop by itself after N seconds, up to 86400
  --attach ADDRESS   record a running program at an inspector address (9229, host:port, ws://…)
  --pid PID          record a running Node.js process, opening its inspector
  --node PATH        the Node.js that runs FILE (default: node)
  --checkpoint N     cpu: write what there is at least every N seconds, so that a process
                     which is killed loses no more (default: 60)
  --daemons leave|end  processes that the program leaves behind on purpose: reported and
                     left running (default), or ended
  --json             print what was recorded as JSON; the program's own output then goes
                     to standard error

A snapshot is taken at the program's end, after --seconds, or at Ctrl+C; with --attach
and --pid at once, unless there are --seconds. The program is paused meanwhile, for
about as long as Plateau says before. The scripts of the program are beside a snapshot in
NAME.scripts.json: they lead from its functions to files and lines. Each connection
gives the objects new numbers, so snapshots of several runs with --pid or --attach cannot be
compared object by object: plateau heap hunt --pid takes ones that can.

The exit code is 0 when a profile was written, also where the program itself failed:
its own exit code is printed, and is in --json as exit.code. Standard output is the
program's: the path of the profile goes to standard error, but with --attach and --pid.

The profile is standard .cpuprofile JSON, which Chrome DevTools opens too. What was
run, when, on which Node.js and commit is beside it in a .plateau.json file, with the list of threads.

Examples
  plateau record -- node server.js
  plateau record --interval 200 --out slow.cpuprofile src/report.ts --month 11
  plateau record --pid 4711 --seconds 10
  plateau record --type snapshot --pid 4711
  plateau record --type heap --interval 4096 -- node server.js
`,
  analyze: `plateau analyze – what a profile says

Usage
  plateau analyze FILE [options]

Options
  --json             the whole report as JSON (schema: schema/analyze.schema.json)
  --top N            how many functions and lines (default: 15; with --json: all)
  --fail-on LEVEL    exit 1 if there is an open finding of this level or above: error,
                     warning, info; 3 if there is none, but a part of the file is missing
  --sarif FILE       also write the findings as SARIF 2.1.0, for code scanning; - for
                     standard output, instead of the report
  --force            overwrite an existing --sarif file
  --all-findings     list findings too that are done or ignored
  --plateau PERCENT  self share that must be investigated (default: 20)
  --bottleneck PERCENT
                     self share that is almost certainly the bottleneck (default: 40)
  --gc PERCENT       garbage collection share that means memory pressure (default: 10)
  --min-samples N    say nothing on fewer active samples (default: 30)
  --threshold NAME=VALUE
                     any other threshold, by the name of its setting plateau.findings.NAME
                     and in percent, such as idle=90; may be given several times
  --thread WHICH     of a recording with several threads, which one: a number or a name,
                     or all for all as one (default: the first one); the
                     report begins with a table of them
  --process PID      the threads of this process alone: its busiest one, or --thread of it
  --profile WHICH    of a file with several profiles (threads, sample types): a number
                     from 1, a name, or merge for all as one (default: the busiest)

Reads .cpuprofile, .heapprofile, Chrome traces, pprof, speedscope, collapsed stacks,
perf script, Firefox profiles, node --prof-process (also --preprocess) and callgrind,
plain or packed with gzip or zstd. The content says which it is, not the name.

Shares are of active time: everything sampled but idle. A sample's cost is the time
to the next one; a function that recurses counts once per stack.

What a team has decided about findings is in .plateau/findings.json of the working
folder; a comment "plateau-ignore-next-line RULE -- reason" ignores one in the source.

Examples
  plateau analyze app.cpuprofile
  plateau analyze app.cpuprofile --json --top 20 | jq .functions[0]
  plateau analyze app.cpuprofile --fail-on error --sarif plateau.sarif
  plateau analyze trace.json.gz --profile merge
`,
  doctor: `plateau doctor – measure a program and say where it is slow, and why

Usage
  plateau doctor [options] -- node app.js arguments…
  plateau doctor [options] -- npm start
  plateau doctor [options] FILE.ts [arguments…]

Records the program once, with its CPU profile, the delay of its event loop, garbage
collection, live memory, and what it waits for (HTTP requests, files, timers, child
processes), and walks a decision tree: too little measured, memory that grows, garbage
collection, a blocked event loop, computing in one place or spread, work done one after
another, slow answers, timers. Each turn is shown with its figures and limits, then
the verdict with the line of your code and the next step.

Every thread of every Node.js process of the command has a profile; the busiest one is
judged, with what the others computed. Worker threads have no other measurements. Ctrl+C is as with plateau record.

Options
  --seconds N        stop by itself after N seconds, up to 86400 (for servers)
  --json             the report as JSON; the program's own output then goes to standard error
  --fail-on LEVEL    exit 1 if the verdict is of this level or above: error (default),
                     warning, info, or never
  --out FOLDER       where to keep the profile and the report (default: .plateau/profiles)
  --interval µs      time between samples, 50 to 1000000 (default: 1000)
  --attach ADDRESS   measure a running program at an inspector address
  --pid PID          measure a running Node.js process
  --node PATH        the Node.js that runs FILE (default: node)

Exit codes: 0 no verdict of that level · 1 there is one · 2 wrong usage, or nothing was
measured · 3 inconclusive · 4 an input is missing or cannot be read or written.
docs/find-the-bottleneck.md has the tree, every limit, and why.

Examples
  plateau doctor -- node report.js
  plateau doctor --seconds 20 -- node server.js
  plateau doctor --pid 4711 --seconds 10 --json
`,
  compare: compareHelp,
  measure: measureHelp,
  export: `plateau export – write a profile in another format

Usage
  plateau export FILE --to FORMAT [--out FILE]

Options
${exportFormats.map(({ name, description }) => `  ${`--to ${name}`.padEnd(17)}  ${description}`).join('\n')}
  --thread WHICH     of a recording with several threads: a number, a name, or all
  --process PID      the threads of this process alone
  --profile WHICH    of a file with several profiles: a number from 1, a name, or merge
  --out FILE         where to write (default: the terminal, or a pipe);
                     an existing file is not overwritten
  --force            overwrite an existing --out file

The report (html) needs no network and no Plateau to be read, and prints. In it and
in markdown, paths are shown from the working folder, others with ~ for the home folder.

Examples
  plateau export app.cpuprofile --to html --out app.html
  plateau export app.cpuprofile --to markdown | gh pr comment --body-file -
  plateau export app.cpuprofile --to collapsed | inferno-flamegraph > app.svg
  plateau export app.cpuprofile --to speedscope --out app.speedscope.json
  plateau export cpu.pb.gz --to cpuprofile --out cpu.cpuprofile
`,
  heap: `plateau heap – what heap snapshots say

Usage
  plateau heap summary FILE                classes of objects, and what they keep alive
  plateau heap diff BEFORE AFTER           what came and what went between two snapshots
  plateau heap retainers FILE --id N       why an object is still alive
  plateau heap hunt [options] -- COMMAND…  exercise a program, and say what leaks
  plateau heap leaks FIRST SECOND THIRD    what leaks, from three snapshots of a process

Options
  --json             the whole result as JSON (schemas: schema/heap-*.schema.json)
  --top N            how many classes (default: 20; with --json: all)
  --id N             of retainers: the object's id, as diff and Chrome DevTools
                     show it (with or without @)
  --paths N          of retainers: how many ways to a root (default: 3)

Options of hunt
  --request 'METHOD URL [BODY]'
                     exercise it with an HTTP request each time; what follows the address
                     is sent, as JSON where it is JSON
  --header 'NAME: VALUE'
                     of the request: a token, a cookie, a type; may be given several times
  --command LINE     exercise it with a command each time
  --call FILE#EXPORT exercise it by calling an exported function; needs no command
  --args LIST        arguments of the call, as JavaScript expressions
  (none of these)    exercise it by hand: press Enter after each round; where the program
                     reads the terminal, Enter is its own, and --next does instead
  --next PID         in another terminal: let the hunt that waits for you go on
  --times N          how often in each of the two rounds (default: 31; of leaks: unknown)
  --warmup N         how often before the first snapshot (default: as --times)
  --no-track         do not record which stacks allocate: the program runs faster; of
                     heaps above 16 MB only the last exercises are recorded, of those
                     above 256 MB none
  --attach ADDRESS, --pid PID
                     hunt in a running program
  --thread WHICH     watch this thread: a number, a name, or main
  --process WHICH    watch this process: a number, or its script
                     (default: the thread that answers, else the one with the largest heap)
  --out FOLDER       where the snapshots are kept (default: .plateau/profiles)
  --node PATH        the Node.js that runs a FILE.ts or a call (default: node)
  --json             the result as JSON (schema: schema/heap-hunt.schema.json)

One thread is watched. In a cluster it is the worker that answers most, and requests are
sent until it has answered --times of them. Of the other threads the heap's size alone is
looked at; where one of them grew, or another process answered, a hunt that finds nothing
is inconclusive. A command is repeated for up to 20 s until it succeeds once.

Ctrl+C cancels a hunt: its snapshots are deleted, a program that it started is ended, and
one that it attached to goes on.

The exit code of hunt and leaks is 1 when something leaks, 3 when something grew in a way
that is no clear leak, 0 when nothing did. Warm up for longer than it takes to fill the
program's caches: one that is still filling looks like a leak.

Reads .heapsnapshot files of Node.js and Chrome of any size. Names, shallow and retained
sizes and the comparison are those of Chrome DevTools, to the byte. The two snapshots of
diff must be of one process; else they are compared by class only.

Examples
  plateau heap summary Heap.heapsnapshot
  plateau heap diff before.heapsnapshot after.heapsnapshot --json | jq .rows[0]
  plateau heap retainers after.heapsnapshot --id 48211
  plateau heap hunt --request 'GET http://127.0.0.1:8080/orders' -- node server.js
  plateau heap hunt --request 'POST http://127.0.0.1:8080/orders {"id":1}' \\
    --header 'authorization: Bearer …' -- node server.js
  plateau heap hunt --call src/orders.ts#match --args '1000'
`,
  rules: `plateau rules – rules of your own

Usage
  plateau rules test [FOLDER]              check the rules and run their examples
  plateau rules list [FOLDER] [--json]     every rule there is, Plateau's and your own

Reads .plateau/rules/*.yml of the working folder, or the .yml files of FOLDER. Every
bad example must match its rule and every good one must not. What is wrong with a rule
is reported with its file, line and column. docs/own-rules.md shows how to write one.

Exit codes of test
  0  every example is as it should be
  1  an example is not
  2  wrong usage
  4  a rule has a mistake, a folder cannot be read, or there is no rule in it

Examples
  plateau rules test
  plateau rules list --json | jq '.rules[] | select(.isOwn)'
`,
  lsp: `plateau lsp – annotations for any editor that speaks the Language Server Protocol

Usage
  plateau lsp --stdio

Serves hovers, inlay hints, code lenses and diagnostics for one profile: the one
named in initializationOptions.profile, else the newest in .plateau/profiles of
the workspace. The command plateau.openProfile (argument: a path) changes it.

initializationOptions
  profile            path of a .cpuprofile
  inlayHints         cost at the end of hot lines (default: true)
  codeLenses         cost above functions (default: false)
  lineThreshold      percent of active time below which a line stays quiet (default: 1)
  thresholds         plateau, bottleneck, gc … as in the settings plateau.findings: percent;
                     minSamples, recursionDepth: counts
`,
};

/** The help text of a command, or the general one; undefined for an unknown command. */
export function help(command: string | undefined): string | undefined {
  return command === undefined ? general : Object.hasOwn(commands, command) ? commands[command] : undefined;
}
