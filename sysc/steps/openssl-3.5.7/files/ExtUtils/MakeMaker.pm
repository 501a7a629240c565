# SPDX-License-Identifier: GPL-3.0-or-later
# Perl's IPC::Cmd asks ExtUtils::MakeMaker, which is not installed, whether a file is a program, and nothing else.
package ExtUtils::MakeMaker;

package MM;

sub maybe_command {
    my ($class, $file) = @_;
    return -f $file && -x _ ? $file : undef;
}

1;
