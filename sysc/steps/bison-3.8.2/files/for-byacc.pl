# SPDX-License-Identifier: GPL-3.0-or-later
# perl for-byacc.pl parse-gram.y parse-gram.h >grammar.y: bison's grammar of its own language, put so that byacc understands
# it, and its header.
#
# What byacc does not know: several kinds of %code, types as C spells them, tokens in quotes, names in the place of $1,
# locations. Here a value is a struct: a union with one member for each symbol, as bison makes one, and the location, which each
# action reckons first. Printers and destructors are left out: they are for debugging and for errors. Of a syntax error this
# parser only says where it is.
use strict;
use warnings;

my ($grammar, $header) = @ARGV;
open my $in, '<', $grammar or die "$grammar: $!\n";
my $text = do { local $/; <$in> };

# words of the language, until the second %%; after that is C
my $string = qr/"(?:\\.|[^"\\])*"/;
my $char = qr/'(?:\\.|[^'\\])+'/;
my $comment = qr{/\*.*?\*/|//[^\n]*}s;
my $braces;
$braces = qr/\{(?:$comment|$string|$char|(??{$braces})|[^{}"'])*+\}/s;
my ($percents, @words) = (0);
pos($text) = 0;
while ($percents < 2) {
    if ($text =~ /\G(?:\s+|$comment)/gc) { next }
    if ($text =~ /\G_\(($string)\)/gc or $text =~ /\G($string)/gc) { push @words, ['string', $1] }
    elsif ($text =~ /\G%%/gc) { push @words, ['percents', '%%'] if ++$percents < 2 }
    elsif ($text =~ /\G(%[a-z-]+)/gc) { push @words, ['directive', $1] }
    elsif ($text =~ /\G($braces)/gc) { push @words, ['code', $1] }
    elsif ($text =~ /\G\[([^\]]+)\]/gc) { push @words, ['name', $1] }
    elsif ($text =~ /\G<([^>]+)>/gc) { push @words, ['type', $1] }
    elsif ($text =~ /\G([A-Za-z_][\w.-]*)/gc) { push @words, ['id', $1] }
    elsif ($text =~ /\G([:|;]|\d+)/gc) { push @words, [$1, $1] }
    else { die "$grammar: not understood: ", substr($text, pos $text, 60), "\n" }
}
my $epilogue = substr $text, pos $text;

# directives, and rules: [symbol, [element, ...]], where an element is [symbol or undef, its name, code or undef]
my (%code, %token, @tokens, %type, @typed, @rules);
sub kind { @words ? $words[0][0] : '' }
sub declare { # declare SYMBOL, TYPE
    push @typed, $_[0] unless $type{$_[0]};
    $type{$_[0]} = $_[1];
}
while (@words) {
    my ($kind, $word) = @{shift @words};
    if ($word eq '%code') {
        my $where = kind eq 'id' ? (shift @words)->[1] : 'top';
        $word = (shift @words)->[1];
        $code{$where} .= substr($word, 1, -1) . "\n";
    } elsif ($word eq '%token' or $word eq '%type') {
        my $type = '';
        while (kind =~ /^(?:type|id|string)$/) {
            my ($kind, $name) = @{shift @words};
            if ($kind eq 'type') { $type = $name; next }
            if ($word eq '%token') {
                push @tokens, $name;
                $token{(shift @words)->[1]} = $name if kind eq 'string';
            }
            declare($token{$name} // $name, $type) if $type;
        }
    } elsif ($kind eq 'directive') {
        shift @words while kind =~ /^(?:type|id|string|code|\d+)$/;
    } elsif ($kind eq 'id' and kind eq ':') {
        my $symbol = $word;
        do {
            shift @words;
            my @elements;
            while (kind !~ /^[|;]?$/ and not (kind eq 'id' and $words[1][0] eq ':')) {
                my ($kind, $word) = @{$words[0]};
                last if $kind eq 'directive' and $word ne '%empty';
                shift @words;
                next if $kind eq 'directive';
                my $name = kind eq 'name' ? (shift @words)->[1] : $word;
                push @elements, $kind eq 'code' ? [undef, $name, $word] : [$token{$word} // $word, $name];
            }
            push @rules, [$symbol, \@elements];
        } while (kind eq '|');
    } elsif ($kind ne ';' and $kind ne 'percents') {
        die "$grammar: unexpected: $word\n";
    }
}

# the header, as bison would make it
my %member = map { $_ => s/\W/_/gr } @typed;
open my $out, '>', $header or die "$header: $!\n";
print $out "#ifndef PARSE_GRAM_H\n#define PARSE_GRAM_H\n#include \"location.h\"\n$code{requires}\n";
print $out "enum { GRAM_EMPTY = -2, GRAM_EOF = 0, GRAM_error = 256, GRAM_UNDEF = 257 };\n";
my $number = 257;
print $out "enum { ", join(', ', map { "$_ = " . ++$number } @tokens), " };\n";
print $out "typedef union {\n", map({ "  $type{$_} $member{$_};\n" } @typed), "} GRAM_STYPE;\n";
print $out "extern int gram_debug;\nint gram_parse (void);\n$code{provides}\n#endif\n";
close $out or die;

# the grammar
$code{top} =~ s/^ *#include <config.h>\n//m;
print "%{\n#include <config.h>\n#include \"parse-gram.h\"\n#define YYLTYPE location\n$code{top}\n";
print "typedef struct { GRAM_STYPE of; location loc; } value_and_location;\n#define YYSTYPE value_and_location\n";
print "#define YYSTYPE_IS_DECLARED 1\n#undef yylex\n#define yylex() gram_lex (&yylval.of, &yylval.loc)\n";
print "#define yyerror(message) gram_error (&yylval.loc, message)\n";
print "static location start_of_grammar (void);\n%}\n";
$number = 257;
print "%token $_ ", ++$number, "\n" for @tokens;
print "%%\n";

# action SYMBOL, ELEMENTS, POSITION, CODE: for byacc, code that stands behind so many elements
sub action {
    my ($symbol, $elements, $position, $code) = @_;
    my $of = sub { # of SYMBOL: its member of the union
        my $member = $member{$_[0] // ''} // die "$grammar: $symbol: a value without a type\n";
        ".of.$member";
    };
    my $find = sub { # find NAME: the position of the element that is called so
        my ($name) = @_;
        my @found = grep { $elements->[$_ - 1][1] eq $name } 1 .. $position;
        @found == 1 or die "$grammar: $symbol: $name is not one element\n";
        $found[0];
    };
    my $value = sub { $_[0] eq '$' ? '$$' . $of->($symbol) : "\$$_[0]" . $of->($elements->[$_[0] - 1][0]) };
    $code =~ s/\$(?:(\$|\d+)|\[([\w.]+)\]|([a-z]\w*))/$value->($1 \/\/ $find->($2 \/\/ $3))/gei;
    $code =~ s/\@(?:(\$|\d+)|([a-z]\w*))/'$' . ($1 \/\/ $find->($2)) . '.loc'/gei;
    my $whole = $position == @$elements || $position == @$elements - 1 && !defined $elements->[-1][0];
    my $before = $whole && !$position && $symbol eq 'prologue_declarations' ? 'start_of_grammar ()'
        : '$' . ($whole ? 0 : $position) . '.loc';
    my $parts = $whole ? $position : 0; # an action in the middle of a rule is empty, and so is its place
    my $places = join ', ', $before, map { "\$$_.loc" } 1 .. $parts;
    "{ { location places[] = { $places }; \$\$.loc = lloc_default (places, $parts); }\n    $code }";
}
for my $rule (@rules) {
    my ($symbol, $elements) = @$rule;
    my @parts;
    for my $position (0 .. $#$elements) {
        my ($element, undef, $code) = @{$elements->[$position]};
        push @parts, defined $element ? $element : action($symbol, $elements, $position, $code);
    }
    push @parts, action($symbol, $elements, scalar @$elements, '') unless @parts && !defined $elements->[-1][0];
    print "$symbol: @parts ;\n";
}

# the rest is C, but for the function that says which token was expected
$epilogue =~ s/^int\nyyreport_syntax_error.*?^\}\n//ms or die "$grammar: no yyreport_syntax_error\n";
print "%%\n$epilogue\nint gram_debug;\n\nint\ngram_parse (void)\n{\n  yylval.loc = start_of_grammar ();\n";
print "  return yyparse ();\n}\n\n";
print "static location\nstart_of_grammar (void)\n{\n  location loc;\n  boundary_set (&loc.start, grammar_file, 1, 1, 1);\n";
print "  boundary_set (&loc.end, grammar_file, 1, 1, 1);\n  return loc;\n}\n";
