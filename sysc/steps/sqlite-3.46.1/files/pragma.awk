# SPDX-License-Identifier: GPL-3.0-or-later
# pragma.h from the list of pragmas in tool/mkpragmatab.tcl: what its part in Tcl makes of it, but for comments.
# The list has groups of lines "FIELD: VALUE" that begin with NAME.

/^set pragma_def/ { inside = 1; next }
/^}/ { inside = 0 }
!inside || NF == 0 { next }
{
    field = $1
    value = $0
    sub(/^ *[A-Z]*: */, "", value)
    sub(/ *$/, "", value)
}
field == "NAME:" {
    name = value
    names[++count] = name
    type[name] = toupper(name)
    argument[name] = "0"
}
field == "TYPE:" {
    type[name] = value
    if (value == "FLAG")
        flag("Result0 NoColumns1")
}
field == "ARG:" { argument[name] = value }
field == "IF:" { conditions[name] = conditions[name] "#if " value "\n"; ends[name] = ends[name] "#endif\n" }
field == "COLS:" {
    columns[name] = value
    if (!(value in listed)) {
        listed[value] = 1
        lists[++listcount] = value
    }
}
field == "FLAG:" {
    flag(value)
    for (i = 2; i <= NF; i++)
        if (!($i in known)) {
            known[$i] = 1
            flags[++flagcount] = $i
        }
}

function flag(words) { flagged[name] = flagged[name] " " words }

function sort(array, n,   i, j, kept) {
    for (i = 2; i <= n; i++) {
        kept = array[i]
        for (j = i - 1; j >= 1 && array[j] > kept; j--)
            array[j + 1] = array[j]
        array[j + 1] = kept
    }
}

# Numbers for the types of those pragmas whose conditions do not name one of these options.
function number(options,   i) {
    for (i = 1; i <= count; i++)
        if (!(type[names[i]] in numbered) && (options == "" || conditions[names[i]] !~ options)) {
            numbered[type[names[i]]] = 1
            print "#define PragTyp_" type[names[i]] " " numbers++
        }
}

END {
    sort(names, count)
    sort(flags, flagcount)
    numbers = 0
    number("SQLITE_DEBUG|SQLITE_HAS_CODEC")
    number("SQLITE_DEBUG")
    number("")
    for (i = 1; i <= flagcount; i++)
        printf "#define PragFlg_%s 0x%02x\n", flags[i], 2 ^ (i - 1)

    # the names of columns, longer lists first; a list that stands within the text already is found there
    print "static const char *const pragCName[] = {"
    for (length_ = 30; length_ > 0; length_--)
        for (i = 1; i <= listcount; i++)
            if (split(lists[i], words, " ") == length_) {
                place = ""
                for (start = 0; start < total - length_ && place == ""; start++) {
                    for (j = 1; j <= length_ && column[start + j - 1] == words[j]; j++)
                        ;
                    if (j > length_)
                        place = start
                }
                if (place == "") {
                    place = total + 0
                    for (j = 1; j <= length_; j++) {
                        print "  \"" words[j] "\","
                        column[total++] = words[j]
                    }
                }
                offset[lists[i]] = place
                size[lists[i]] = length_
            }
    print "};"

    print "typedef struct PragmaName {"
    print "  const char *const zName;"
    print "  u8 ePragTyp;"
    print "  u8 mPragFlg;"
    print "  u8 iPragCName;"
    print "  u8 nPragCName;"
    print "  u64 iArg;"
    print "} PragmaName;"
    print "static const PragmaName aPragmaName[] = {"
    for (i = 1; i <= count; i++) {
        name = names[i]
        text = substr(flagged[name], 2)
        gsub(/ +/, "|PragFlg_", text)
        list = columns[name]
        printf "%s {\"%s\", PragTyp_%s, %s, %d, %d, %s},\n%s", conditions[name], name, type[name],
            text == "" ? "0" : "PragFlg_" text, offset[list], size[list], argument[name], ends[name]
    }
    print "};"
}
