# SPDX-License-Identifier: GPL-3.0-or-later
# opcodes.h from parse.h and vdbe.c, in this order: the same numbers as SQLite's own tool/mkopcodeh.tcl gives.
# An opcode is a line "case OP_Name:" of vdbe.c, with a comment of its properties; its Synopsis stands above.

$1 == "#define" && $2 ~ /^TK_/ { token[$2] = $3 }
/^.. Opcode: / { documented = "OP_" $3 }
/^.. Synopsis: / { sub(/^.. Synopsis: */, ""); sub(/ *$/, ""); synopsis[documented] = $0 }
/^case OP_/ && !/^case OP_Abortable/ {
    name = $2
    sub(/:.*/, "", name)
    code[name] = -1
    grouped = 0
    for (i = 4; i < NF; i++) {
        word = $i
        sub(/,$/, "", word)
        if (word == "same" && $(i + 1) == "as") {
            i += 2
            sub(/,$/, "", $i)
            sameas[name] = $i
            take(name, token[$i])
        } else if (word == "group")
            grouped = 1
        else
            has[name, word] = 1
    }
    if (has[name, "jump0"])
        has[name, "jump"] = 1
    # those of a group that stand one after the other get numbers one after the other
    if (grouped) {
        if (!before)
            groups++
        member[groups, ++members[groups]] = name
    }
    before = grouped
    order[++count] = name
}

function take(name, number) {
    code[name] = number
    owner[number] = name
    if (number > most)
        most = number
}
function next_free() {
    do
        last++
    while (last in owner)
    return last
}

END {
    order[++count] = "OP_Noop"
    order[++count] = "OP_Explain"
    order[++count] = "OP_Abortable"
    for (i = count - 2; i <= count; i++)
        code[order[i]] = -1

    # first the opcodes that resolveP2Values() treats, so that its switch is small
    split("Transaction AutoCommit Savepoint Checkpoint Vacuum JournalMode VUpdate VFilter Init", names, " ")
    for (i in names)
        special["OP_" names[i]] = 1
    last = -1
    for (i = 1; i <= count; i++)
        if (order[i] in special)
            take(order[i], next_free())
    # then those that jump
    for (i = 1; i <= count; i++)
        if (code[order[i]] < 0 && has[order[i], "jump"])
            take(order[i], next_free())
    for (i = 1; i <= count; i++)
        if (has[order[i], "jump"] && code[order[i]] > highest)
            highest = code[order[i]]
    # then the groups, each into the first gap that is longer than it
    for (g = 1; g <= groups; g++) {
        place = last
        do {
            do
                place++
            while (place in owner)
            start = place
            room = 1
            for (j = 0; j < members[g] && room; j++)
                if (++place in owner)
                    room = 0
        } while (!room)
        for (j = 1; j <= members[g]; j++)
            if (code[member[g, j]] < 0)
                take(member[g, j], start++)
    }
    for (i = 1; i <= count; i++)
        if (code[order[i]] < 0)
            take(order[i], next_free())
    if (most > 255) {
        print "more opcodes than fit into a byte" >"/dev/stderr"
        exit 1
    }

    for (i = 0; i <= most; i++) {
        if (!(i in owner))
            owner[i] = "OP_NotUsed_" i
        name = owner[i]
        comment = ""
        if (has[name, "jump"])
            comment = has[name, "jump0"] ? ", jump0" : ", jump"
        if (name in sameas)
            comment = comment ", same as " sameas[name]
        if (name in synopsis)
            comment = comment ", synopsis: " synopsis[name]
        printf "#define %-16s %3d", name, i
        if (comment != "")
            printf " /* %-42s */", substr(comment, 3)
        print ""
    }
    n = split("jump in1 in2 in3 out2 out3 ncycle jump0", names, " ")
    for (k = 1; k <= n; k++)
        printf "#define OPFLG_%-8s 0x%02x\n", toupper(names[k]), 2 ^ (k - 1)
    printf "#define OPFLG_INITIALIZER {"
    for (i = 0; i <= most; i++) {
        flags = 0
        for (k = 1; k <= n; k++)
            if (has[owner[i], names[k]])
                flags += 2 ^ (k - 1)
        if (i % 8 == 0)
            printf "\\\n/* %3d */", i
        printf " 0x%02x,", flags
    }
    print "}"
    print "#define SQLITE_MX_JUMP_OPCODE " highest
}
