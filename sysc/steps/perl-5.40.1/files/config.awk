# SPDX-License-Identifier: GPL-3.0-or-later
# awk -f config.awk facts config_h.SH >config.sh: what facts says, and of all else that config_h.SH asks for that it is not there.

function set(name, value)
{
	if (!(name in values))
		names[++count] = name
	values[name] = value
}

FILENAME != "config_h.SH" && /^\+ / {
	for (i = 2; i <= NF; i++)
		set($i, "define")
}
FILENAME != "config_h.SH" && /^[A-Za-z_][A-Za-z_0-9]*='/ {
	name = substr($0, 1, index($0, "=") - 1)
	set(name, substr($0, length(name) + 3, length($0) - length(name) - 3))
}
FILENAME != "config_h.SH" && /^[a-z_]*: / {
	name = substr($1, 1, length($1) - 1)
	words = substr($0, length($1) + 2)
	set(name, name in values ? values[name] " " words : words)
}

# `#$d_fork HAS_FORK` and `#define ASCTIME_R_PROTO ${asctime_r_proto}`
FILENAME == "config_h.SH" && /^#\$/ {
	name = substr($1, 3)
	if (!(name in values))
		set(name, "undef")
}
FILENAME == "config_h.SH" && /^#define.*\$\{[a-z0-9_]*_r_proto\}/ {
	match($0, /\{.*\}/)
	set(substr($0, RSTART + 1, RLENGTH - 2), "0")
}

END {
	# for C: the names of the signals in quotes, and both lists with commas and a 0 at the end
	list = values["sig_name"]
	gsub(/ /, "\", \"", list)
	set("sig_name_init", "\"" list "\", 0")
	list = values["sig_num"]
	gsub(/ /, ", ", list)
	set("sig_num_init", list ", 0")
	set("extensions", values["static_ext"] " " values["nonxs_ext"])
	for (i = 1; i <= count; i++)
		print names[i] "='" values[names[i]] "'"
}
