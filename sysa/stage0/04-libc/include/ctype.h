// SPDX-License-Identifier: GPL-3.0-or-later
int isdigit(int c), islower(int c), isupper(int c), isalpha(int c), isalnum(int c), isxdigit(int c);
int isspace(int c), isprint(int c), tolower(int c), toupper(int c);
