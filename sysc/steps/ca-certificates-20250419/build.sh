# SPDX-License-Identifier: GPL-3.0-or-later
# The certificates in one file.
set -e -o pipefail
RECIPE=/sysc/steps/ca-certificates-20250419
DESTDIR=/destdir/ca-certificates-20250419

tar -xJf /distfiles/ca-certificates_20250419.tar.xz ca-certificates/mozilla/certdata.txt
awk -f ${RECIPE}/files/certificates.awk ca-certificates/mozilla/certdata.txt >ca-certificates.crt

# install; OpenSSL itself looks for cert.pem
mkdir -p ${DESTDIR}/etc/ssl/certs
cp ca-certificates.crt ${DESTDIR}/etc/ssl/certs
ln -s certs/ca-certificates.crt ${DESTDIR}/etc/ssl/cert.pem
