# SPDX-License-Identifier: GPL-3.0-or-later
# shell.c from shell.c.in, in src/: a line "INCLUDE FILE" stands for a file, without what shell.c.in has included already.

function copy(line, included) {
    if (line ~ /^typedef .*[A-Za-z0-9_]+;/) {
        name = line
        sub(/;.*/, "", name)
        sub(/.*[^A-Za-z0-9_]/, "", name)
        if (name in defined)
            return
        defined[name] = 1
    }
    sub(/__declspec\(dllexport\)/, "", line) # means something on Windows only
    if (!included || line !~ /^# *include "(sqlite|test_windirent)/)
        print line
}
$1 == "INCLUDE" {
    while ((getline line <$2) > 0)
        copy(line, 1)
    close($2)
    next
}
{ copy($0, 0) }
