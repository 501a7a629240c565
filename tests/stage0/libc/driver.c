// SPDX-License-Identifier: GPL-3.0-or-later
// Does to a C library what its arguments say, and prints what comes of it. Built against ours and the host's.
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef union { float value; unsigned bits; } single;
typedef union { double value; unsigned long bits; } real;
typedef union { long double value; struct { unsigned long mantissa; unsigned long top; } bits; } extended;

static unsigned long hex(const char *s)
{
    return strtoul(s, 0, 16);
}

// print FORMAT KIND VALUE [VALUE]: what printf writes and returns, and the same from snprintf with a short buffer
static void print(char **a)
{
    const char *format = a[0];
    char text[12];
    int count = 0;
    int shortened = 0;
#define BOTH(...) count = printf(format, __VA_ARGS__), shortened = snprintf(text, sizeof text, format, __VA_ARGS__)
    if (*a[1] == 'i') {
        BOTH((int)strtol(a[2], 0, 10));
    } else if (*a[1] == 'l') {
        BOTH(strtol(a[2], 0, 10));
    } else if (*a[1] == 's') {
        BOTH(a[2]);
    } else if (*a[1] == 'p') {
        BOTH((void *)hex(a[2]));
    } else {
        BOTH(atoi(a[2]), atoi(a[3]), a[4]);
    }
    printf("\n%d %d %s\n", count, shortened, text);
}

// scan TEXT: the patterns of strtof, strtod and strtold, and where they stop
static void scan(char **a)
{
    single f;
    real d;
    extended l;
    char *end;
    f.value = strtof(a[0], &end);
    printf("%x %d\n", f.bits, (int)(end - a[0]));
    d.value = strtod(a[0], &end);
    printf("%lx %d\n", d.bits, (int)(end - a[0]));
    memset(&l, 0, sizeof l);
    l.value = strtold(a[0], &end);
    printf("%lx %lx %d\n", l.bits.top & 0xffff, l.bits.mantissa, (int)(end - a[0]));
}

// integer TEXT BASE
static void integer(char **a)
{
    char *end;
    errno = 0;
    printf("%ld", strtol(a[0], &end, atoi(a[1])));
    printf(" %d %d", (int)(end - a[0]), errno);
    errno = 0;
    printf(" %lu", strtoul(a[0], &end, atoi(a[1])));
    printf(" %d %d\n", (int)(end - a[0]), errno);
}

static int descending(const void *a, const void *b)
{
    long x = *(const long *)a;
    long y = *(const long *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

// sort NUMBER...: descending, with something that is 24 bytes long
static void sort(char **a)
{
    static struct { long key; char rest[16]; } items[5000];
    int n = 0;
    int i;
    for (; a[n]; n++) {
        items[n].key = atoi(a[n]);
        sprintf(items[n].rest, "%d", atoi(a[n]));
    }
    qsort(items, n, sizeof *items, descending);
    for (i = 0; i < n; i++)
        printf("%ld=%s ", items[i].key, items[i].rest);
}

// allocate SEED STEPS: takes, moves and gives back blocks; each must keep what was written to it
static void allocate(char **a)
{
    enum { BLOCKS = 64 };
    static unsigned char *block[BLOCKS];
    static unsigned long size[BLOCKS];
    unsigned long random = strtoul(a[0], 0, 10) + 1;
    int steps = atoi(a[1]);
    while (steps-- > 0) {
        int i;
        unsigned long wanted;
        unsigned long j;
        random = random * 6364136223846793005UL + 1442695040888963407UL;
        i = random >> 58;
        wanted = (random >> 40 & 0xffff) >> (random >> 36 & 15);
        for (j = 0; j < size[i]; j++)
            if (block[i][j] != (unsigned char)(i + j))
                abort();
        if (random >> 30 & 1) {
            block[i] = realloc(block[i], wanted);
            for (j = 0; j < size[i] && j < wanted; j++)
                if (block[i][j] != (unsigned char)(i + j))
                    abort();
            if (!wanted)            // realloc to 0 is nobody's promise
                block[i] = 0;
        } else {
            free(block[i]);
            block[i] = random >> 31 & 1 ? calloc(wanted, 1) : malloc(wanted);
            for (j = 0; random >> 31 & 1 && j < wanted; j++)
                if (block[i][j])
                    abort();
        }
        if ((unsigned long)block[i] & 15)
            abort();
        size[i] = block[i] ? wanted : 0;
        for (j = 0; j < size[i]; j++)
            block[i][j] = i + j;
    }
    if (malloc(1UL << 62) || calloc(1UL << 33, 1UL << 33))
        abort();
    printf("kept");
}

static int order(int difference)
{
    return (difference > 0) - (difference < 0);
}

static int offset(const char *base, const char *p)
{
    return p ? p - base : -1;
}

// strings A B N C
static void strings(char **a)
{
    const char *s = a[0];
    const char *t = a[1];
    size_t n = atoi(a[2]);
    int c = atoi(a[3]);
    size_t least = strlen(s) < strlen(t) ? strlen(s) : strlen(t);
    char to[400];
    printf("%d %d %d ", order(strcmp(s, t)), order(strncmp(s, t, n)), order(memcmp(s, t, n < least ? n : least)));
    printf("%d %d %d ", offset(s, strchr(s, c)), offset(s, strrchr(s, c)), offset(s, memchr(s, c, strlen(s))));
    printf("%d %d ", (int)strspn(s, t), (int)strcspn(s, t));
    printf("%d %d ", offset(s, strstr(s, t)), (int)strlen(s));
    memset(to, c, sizeof to);
    strcat(strcpy(to, s), t);
    printf("%s ", to);
    memmove(to + 3, to, 100);
    memmove(to + 10, to + 12, 100);
    fwrite(to, 1, sizeof to, stdout);
}

// file PATH OPERATION...: wN writes, rN reads, sN seeks, eN seeks from the end, t tells, c reads and p writes a byte
static void file(char **a)
{
    static char data[70000];
    FILE *f = fopen(*a++, "w+");
    int i;
    for (; *a; a++) {
        int n = atoi(*a + 1);
        unsigned long sum = 0;
        switch (**a) {
        case 'w':
            for (i = 0; i < n; i++)
                data[i] = i * 7 + n;
            printf("%d ", (int)fwrite(data, 1, n, f));
            break;
        case 'r':
            n = fread(data, 1, n, f);
            for (i = 0; i < n; i++)
                sum = sum * 31 + data[i];
            printf("%d:%lx:%d ", n, sum, feof(f) != 0);
            break;
        case 's':
            printf("%d ", fseek(f, n, SEEK_SET));
            break;
        case 'e':
            printf("%d ", fseek(f, -n, SEEK_END));
            break;
        case 't':
            printf("%ld ", ftell(f));
            break;
        case 'c':
            printf("%d ", fgetc(f));
            break;
        default:
            printf("%d ", fputc(n, f));
        }
    }
    printf("%d", fclose(f));
}

// lines PATH SIZE: by fgets
static void lines(char **a)
{
    char line[100];
    FILE *f = fopen(a[0], "r");
    while (fgets(line, atoi(a[1]), f))
        printf("[%s]", line);
    printf("%d %d", feof(f) != 0, ferror(f) != 0);
}

// ldexpl PATTERN N
static void scale(char **a)
{
    real d;
    extended l;
    d.bits = hex(a[0]);
    memset(&l, 0, sizeof l);
    l.value = ldexpl(d.value, atoi(a[1]));
    printf("%lx %lx", l.bits.top & 0xffff, l.bits.mantissa);
}

// date: of the calendar that there is
static void date(char **a)
{
    time_t t = time(0);
    struct tm *tm = localtime(&t);
    printf("%d %d %d %d", tm->tm_year + 1900, tm->tm_mon + 1, tm->tm_mday, t > 1700000000);
}

// list PATH
static void list(char **a)
{
    DIR *d = opendir(a[0]);
    struct dirent *entry;
    if (!d) {
        printf("%s", strerror(errno));
        return;
    }
    while ((entry = readdir(d)))
        printf("%s\n", entry->d_name);
    closedir(d);
}

// run PROGRAM ARGUMENT...: its exit status
static void run(char **a)
{
    int status = 0;
    int pid = fork();
    if (pid == 0) {
        execvp(a[0], a);
        _exit(errno == ENOENT ? 127 : 126);
    }
    waitpid(pid, &status, 0);
    printf("%d", WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
}

// classes: of all ASCII characters
static void classes(char **a)
{
    int c;
    for (c = -1; c < 128; c++)
        printf("%d%d%d%d%d%d%d%d%c%c", !!isalpha(c), !!isdigit(c), !!isalnum(c), !!isxdigit(c), !!isspace(c), !!isprint(c),
               !!isupper(c), !!islower(c), toupper(c), tolower(c));
}

// version TEXT: by sscanf
static void version(char **a)
{
    int x = -1, y = -1, z = -1;
    int n = sscanf(a[0], "%d.%d.%d", &x, &y, &z);
    printf("%d %d %d %d", n, x, y, z);
}

static jmp_buf back;

static void say(long n)
{
    printf("%ld ", n);
}

// rest PATH: what needs no input
static void rest(char **a)
{
    struct stat s;
    char text[200];
    char *paths[] = {"directory", "file", "linked", "symbolic"};
    volatile int count = 0;
    int i;
    if (setjmp(back) < 3)
        longjmp(back, ++count + 1);
    printf("jumped %d times\n", count);
    say(chdir(a[0]));
    say(chdir("nowhere"));
    printf("%s ", strerror(errno));
    say(getcwd(text, sizeof text) && strlen(text) > 1);
    say(mkdir(paths[0], 0755));
    say(mkdir(paths[0], 0755));
    say(open("file", O_RDONLY));
    i = open("file", O_CREAT | O_WRONLY | O_EXCL, 0640);
    say(write(i, "four", 4));
    say(lseek(i, 0, SEEK_CUR));
    say(close(i));
    say(close(i));
    say(link("file", "linked"));
    say(symlink("file", "symbolic"));
    say(readlink("symbolic", text, sizeof text));
    say(chmod("file", 0600));
    say(access("file", R_OK));
    say(access("file", X_OK));
    say(rename("file", "directory/file"));
    say(access("symbolic", F_OK));
    for (i = 0; i < 4; i++) {
        say(lstat(paths[i], &s));
        say(s.st_mode & (i == 3 ? S_IFMT : -1));
    }
    say(stat("linked", &s));
    say(s.st_size);
    say(s.st_nlink);
    say(unlink("directory"));
    say(remove("directory/file"));
    say(rmdir("directory"));
    printf("%s %d\n", getenv("WORD"), getenv("WOR") == 0);
    exit(40);
}

int main(int argc, char **argv)
{
    static const struct { const char *name; void (*function)(char **); } commands[] = {
        {"print", print}, {"scan", scan}, {"integer", integer}, {"sort", sort}, {"allocate", allocate},
        {"strings", strings}, {"file", file}, {"lines", lines}, {"ldexpl", scale}, {"date", date}, {"list", list},
        {"run", run}, {"classes", classes}, {"version", version}, {"rest", rest}, {0, 0}
    };
    int i;
    for (i = 0; commands[i].name; i++)
        if (!strcmp(commands[i].name, argv[1]))
            commands[i].function(argv + 2);
    return 0;
}
