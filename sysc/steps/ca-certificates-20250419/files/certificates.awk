# SPDX-License-Identifier: GPL-3.0-or-later
# From Mozilla's certdata.txt, the certificates that are trusted to vouch for servers, as PEM, each below its name.
#
# An object is a group of lines "FIELD TYPE VALUE", with an empty line behind it. A value of type MULTILINE_OCTAL is in the lines
# that follow, up to END: bytes as \nnn. Whether a certificate is trusted, and for what, says another object with the same issuer
# and serial number.

/^#/ { next }
/^[ \t]*$/ {
    finish()
    next
}
$2 == "MULTILINE_OCTAL" {
    octal = ""
    while ((status = getline line) > 0 && line !~ /^END/)
        octal = octal line
    if (status <= 0)
        fail("a value of " $1 " does not end")
    field[$1] = octal
    next
}
NF >= 3 {
    value = $0
    sub(/^[^ ]+ [^ ]+ /, "", value)
    field[$1] = value
}

function fail(reason) {
    print "certdata.txt: " reason >"/dev/stderr"
    failed = 1
    exit 1
}

# The object is complete.
function finish(   identity) {
    identity = field["CKA_ISSUER"] " " field["CKA_SERIAL_NUMBER"]
    if (field["CKA_CLASS"] == "CKO_CERTIFICATE") {
        certificates++
        name[certificates] = field["CKA_LABEL"]
        bytes[certificates] = field["CKA_VALUE"]
        of[certificates] = identity
    } else if (field["CKA_CLASS"] == "CKO_NSS_TRUST") {
        if (field["CKA_TRUST_SERVER_AUTH"] == "CKT_NSS_TRUSTED_DELEGATOR")
            trusted[identity] = 1
        else
            distrusted[identity] = 1
    }
    split("", field)
}

# Bytes in octal as base64, 64 characters a line.
function base64(octal,   digits, byte, n, i, bits, line) {
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    n = split(octal, byte, "\\") - 1
    for (i = 1; i <= n + 2; i++)
        byte[i] = i > n ? 0 : substr(byte[i + 1], 1, 1) * 64 + substr(byte[i + 1], 2, 1) * 8 + substr(byte[i + 1], 3, 1)
    line = ""
    for (i = 1; i <= n; i += 3) {
        bits = byte[i] * 65536 + byte[i + 1] * 256 + byte[i + 2]
        line = line substr(digits, int(bits / 262144) + 1, 1) substr(digits, int(bits / 4096) % 64 + 1, 1) \
            (i + 1 > n ? "=" : substr(digits, int(bits / 64) % 64 + 1, 1)) (i + 2 > n ? "=" : substr(digits, bits % 64 + 1, 1))
        if (length(line) == 64 || i + 3 > n) {
            print line
            line = ""
        }
    }
}

END {
    if (failed)
        exit 1
    finish()
    for (i = 1; i <= certificates; i++)
        if ((of[i] in trusted) && !(of[i] in distrusted)) {
            print "# " substr(name[i], 2, length(name[i]) - 2)
            print "-----BEGIN CERTIFICATE-----"
            base64(bytes[i])
            print "-----END CERTIFICATE-----"
            count++
        }
    if (count == 0)
        fail("no certificate is trusted")
}
