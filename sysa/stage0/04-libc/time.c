// SPDX-License-Identifier: GPL-3.0-or-later
// The time of day, in UTC only. (C99)
#include <time.h>
#include <unistd.h>
#include <sys/time.h>

enum { SYS_gettimeofday = 96, DAY = 86400 };

int gettimeofday(struct timeval *t, void *zone) {
    return __syscall(SYS_gettimeofday, (long)t, (long)zone, 0, 0, 0);
}

time_t time(time_t *t) {
    struct timeval now;
    gettimeofday(&now, 0);
    if (t)
        *t = now.tv_sec;
    return now.tv_sec;
}

// Days of a month (from 0), or of a year if month is 12.
static int days_in(int year, int month) {
    int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month == 12)
        return 365 + leap;
    return month == 1 ? 28 + leap : 30 + ((month + (month > 6)) % 2 == 0);
}

// For times from 1970 on.
struct tm *localtime(const time_t *t) {
    static struct tm tm;
    long days = *t / DAY;
    int year;
    int month;
    tm.tm_sec = *t % 60;
    tm.tm_min = *t / 60 % 60;
    tm.tm_hour = *t / 3600 % 24;
    tm.tm_wday = (days + 4) % 7;
    for (year = 1970; days >= days_in(year, 12); year++)
        days -= days_in(year, 12);
    tm.tm_yday = days;
    for (month = 0; days >= days_in(year, month); month++)
        days -= days_in(year, month);
    tm.tm_year = year - 1900;
    tm.tm_mon = month;
    tm.tm_mday = days + 1;
    return &tm;
}
