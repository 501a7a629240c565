// SPDX-License-Identifier: GPL-3.0-or-later
// The time of day, in UTC only. (C99)
#include <time.h>
#include <unistd.h>
#include <sys/time.h>

enum { SYS_gettimeofday = 96, DAY = 86400 };

int gettimeofday(struct timeval *t, void *zone)
{
    return __syscall(SYS_gettimeofday, (long)t, (long)zone, 0, 0, 0);
}

time_t time(time_t *t)
{
    struct timeval now;
    gettimeofday(&now, 0);
    if (t)
        *t = now.tv_sec;
    return now.tv_sec;
}

static int is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// For times from 1970 on.
struct tm *gmtime(const time_t *t)
{
    static const char month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    static struct tm tm;
    long days = *t / DAY;
    int year = 1970;
    int month = 0;
    tm.tm_sec = *t % 60;
    tm.tm_min = *t / 60 % 60;
    tm.tm_hour = *t / 3600 % 24;
    tm.tm_wday = (days + 4) % 7;
    for (; days >= 365 + is_leap(year); year++)
        days -= 365 + is_leap(year);
    tm.tm_year = year - 1900;
    tm.tm_yday = days;
    for (; days >= month_days[month] + (month == 1 && is_leap(year)); month++)
        days -= month_days[month] + (month == 1 && is_leap(year));
    tm.tm_mon = month;
    tm.tm_mday = days + 1;
    return &tm;
}

struct tm *localtime(const time_t *t)
{
    return gmtime(t);
}
