# SPDX-License-Identifier: GPL-3.0-or-later
# opcodes.c from opcodes.h: the names of the opcodes, for EXPLAIN.

BEGIN {
    print "#if defined(SQLITE_ENABLE_EXPLAIN_COMMENTS) || defined(SQLITE_DEBUG)"
    print "# define OpHelp(X) \"\\0\" X"
    print "#else"
    print "# define OpHelp(X)"
    print "#endif"
    print "const char *sqlite3OpcodeName(int i){"
    print " static const char *const azName[] = {"
}
/^#define OP_/ {
    text = ""
    if (match($0, /synopsis: .*/)) {
        text = substr($0, RSTART + 10)
        sub(/ *\*\/$/, "", text)
    }
    printf "    /* %3d */ %-18s OpHelp(\"%s\"),\n", $3, "\"" substr($2, 4) "\"", text
}
END {
    print "  };"
    print "  return azName[i];"
    print "}"
}
