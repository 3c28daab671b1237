import path from 'node:path';
import { sessionFile } from '../records/session-file';
import { CHAIN, FIRST } from './node-chain';
import type { FrontPaths } from './node-in-front';

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** The `node` in front of PATH, in Perl. */
export function perlScript({ bin, hook, results, option }: FrontPaths): string {
  return `#!/usr/bin/env -S PERL_BADLANG=0 /usr/bin/perl -X
# Of a recording by Plateau: the program's own node, with the recording's hook in NODE_OPTIONS.
delete $ENV{PERL_BADLANG};
my ($bin, $session, $results, $option) = (${[bin, sessionFile(path.dirname(hook)), results, option].map(quoted).join(', ')});

# The next node: not one that this process has come through already.
my $chain = delete $ENV{${CHAIN}};
my ($pid, $count, $list) = split / /, $chain, 3;
my @passed = split /:/, $list, -1;
@passed = () unless $pid == $$ || $pid == getppid() || $count > 8;
# What comes before this one in PATH may have called it, as a wrapper does.
my @path = split /:/, $ENV{PATH}, -1;
my ($own) = grep { $path[$_] eq $bin } 0 .. $#path;
@path = (@path[$own + 1 .. $#path], @path[0 .. $own - 1]) if defined $own;
my @found;
for my $at (@path) {
  next if $at eq $bin;
  my $file = ($at eq '' ? '.' : $at) . '/node';
  push @found, [$at, $file] if -f $file && -x $file;
}
my ($next) = grep { my $at = $_->[0]; !grep { $_ eq $at } @passed } @found;
$next = $found[0] unless $next;
my $first = readlink "$bin/../${FIRST}";
$next = ['', $first] if !$next && -x $first;
unless ($next) {
  print STDERR "node: command not found\\n";
  exit 127;
}

my ($isPermitted, $isForbidden, $file, $skip) = (0, '', '', '');
$own = $ENV{NODE_OPTIONS};
$own = '' unless defined $own;
my $at = index $own, $option;
my $isThere = $at >= 0;
if ($isThere) {
  my $after = $at + length $option;
  if (substr($own, $after, 1) eq ' ') { substr($own, $at, 1 + length $option) = '' }
  elsif ($at > 0 && substr($own, $at - 1, 1) eq ' ') { substr($own, $at - 1, 1 + length $option) = '' }
  else { substr($own, $at, length $option) = '' }
}
my @options;
for my $word (@ARGV) {
  if ($skip ne '') {
    $file = $word if $skip eq 'file';
    $skip = '';
    next;
  }
  last unless $word =~ /^-./s;
  push @options, $word;
  if ($word =~ /^--env-file(?:-if-exists)?=(.*)/s) { $file = $1 }
  elsif ($word =~ /^--env-file(?:-if-exists)?$/) { $skip = 'file' }
  elsif ($word =~ /^(?:-r|--require|--import|-e|--eval|-p|--print|-pe|-C|--conditions|--loader|--experimental-loader)$/) { $skip = 'value' }
}
for my $word (@options, split(/\\s+/, $own)) {
  $isForbidden = 'policy' if $word =~ /^--(?:experimental-policy|policy-integrity)(?:=|$)/;
  $isForbidden ||= 'permission-model' if $word =~ /^--(?:experimental-)?permission$/;
  $isPermitted |= 1 if $word eq '--allow-inspector';
  $isPermitted |= 2 if $word eq '--allow-fs-read=*';
  $isPermitted |= 4 if $word eq '--allow-fs-write=*';
}
$isForbidden = '' if $isForbidden eq 'permission-model' && $isPermitted == 7;
my $isOver = !-e $session;
if ($isForbidden ne '' || $isOver) {
  # Node.js may not load the hook, or the recording is over.
  if ($own eq '') { delete $ENV{NODE_OPTIONS} if $isThere }
  else { $ENV{NODE_OPTIONS} = $own }
  if ($isForbidden ne '' && open my $out, '>', "$results/$$.skipped.json") {
    my @argv = map { my $word = $_; $word =~ s/[\\\\"]/\\\\$&/g; $word =~ s/[\\x00-\\x1f]/ /g; qq("$word") } 'node', @ARGV;
    print $out '{"reason":"' . $isForbidden . '","argv":[' . join(',', @argv) . ']}';
    close $out;
  }
} else {
  my $given = $own;
  if ($own eq '' && $file ne '' && open my $in, '<', $file) {
    # Node.js does not take it from there where it is set already.
    while (my $line = <$in>) {
      next unless $line =~ /^\\s*(?:export\\s+)?NODE_OPTIONS\\s*=\\s*(?:"([^"]*)"|'([^']*)'|\`([^\`]*)\`|([^#\\r\\n]*))/;
      $own = defined $1 ? $1 : defined $2 ? $2 : defined $3 ? $3 : $4;
      $own =~ s/\\s+$//;
    }
    close $in;
  }
  $ENV{NODE_OPTIONS} = $own eq '' ? $option : "$option $own" if !$isThere || $own ne $given;
}
if ($isForbidden eq '' && !$isOver || isScript($next->[1])) { $ENV{${CHAIN}} = join ' ', $$, $count + 1, join(':', @passed, $next->[0]) }
exec { $next->[1] } 'node', @ARGV;
print STDERR "node: $!\\n";
exit 126;

sub isScript {
  open my $in, '<', $_[0] or return 0;
  read $in, my $start, 2;
  close $in;
  return $start eq '#!';
}
`;
}
