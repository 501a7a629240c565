# SPDX-License-Identifier: GPL-3.0-or-later
# PyYAML: the part that is written in Python.
set -e -o pipefail
LIBRARY=/destdir/pyyaml-6.0.2/usr/lib/python3.13/site-packages

tar --no-same-owner -xf /distfiles/pyyaml_6.0.2.orig.tar.gz pyyaml-6.0.2/lib/yaml
mkdir -p ${LIBRARY}
cp -r pyyaml-6.0.2/lib/yaml ${LIBRARY}

# does it work?
export PYTHONPATH=${LIBRARY} PYTHONDONTWRITEBYTECODE=1
[ "$(python3 -c 'import yaml; print(yaml.safe_load("{a: [1, yes], b: &x y, c: *x}"))')" = "{'a': [1, True], 'b': 'y', 'c': 'y'}" ]
