# SPDX-License-Identifier: GPL-3.0-or-later
# For recipes of packages with gnulib, after autotools.sh: what configure would find out by programs that an alarm ends after some
# seconds, so that a slow or busy machine comes to the same answers. They are those of musl on Linux.

export gl_cv_func_getcwd_path_max='no, but it is partly working'
export gl_cv_func_nanosleep='no (mishandles large arguments)'
export gl_cv_func_frexp_works=yes gl_cv_func_localtime_works=yes gl_cv_func_strcasestr_linear=yes gl_cv_func_strstr_linear=yes \
    gl_cv_func_working_mktime=yes
