/* SPDX-License-Identifier: GPL-3.0-or-later */
/* driver LIST JOBS SECONDS    compiles and runs many small programs, JOBS at a time; each command has SECONDS.

   A line of LIST is NAME and the command that compiles it, separated by blanks; in it, @ stands for the program to be made.
   Prints "NAME compile STATUS" if the compiler fails, else "NAME run STATUS": an exit status, or 1000 and the number of the
   signal that ended it. What the compiler says goes into NAME.log where it fails. Works in folders 1, 2, ... of this one. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS = 64, MOST = 64 };

static struct job {
    char line[4096], *word[WORDS];
    pid_t pid;
    int running; /* the program; not its compiler */
} jobs[MOST];
static int seconds;
static FILE *list;

static void start(struct job *job, char **command)
{
    char name[300];
    int out;

    job->pid = fork();
    if (job->pid)
        return;
    snprintf(name, sizeof name, "%d", (int)(job - jobs) + 1);
    chdir(name);
    setpgid(0, 0);
    alarm(seconds);
    out = job->running ? open("/dev/null", O_WRONLY) : open("log", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    dup2(open("/dev/null", O_RDONLY), 0);
    dup2(out, 1);
    dup2(out, 2);
    execv(command[0], command);
    _exit(127);
}

/* The next line of the list, and the compiler on its way. Nothing more: 0 */
static int next(struct job *job)
{
    int words = 0, i;
    static char program[] = "./program";

    if (!fgets(job->line, sizeof job->line, list))
        return 0;
    for (char *word = strtok(job->line, " \n"); word && words < WORDS - 1; word = strtok(NULL, " \n"))
        job->word[words++] = word;
    job->word[words] = NULL;
    for (i = 1; i < words; i++)
        if (!strcmp(job->word[i], "@"))
            job->word[i] = program;
    job->running = 0;
    start(job, job->word + 1);
    return 1;
}

int main(int argc, char **argv)
{
    static char *program[] = {"./program", NULL};
    struct rlimit no_core = {0, 0};
    int most, busy = 0, status, i;
    char from[300], to[300];
    pid_t pid;

    if (argc != 4 || !(list = fopen(argv[1], "r")))
        return 2;
    most = atoi(argv[2]);
    seconds = atoi(argv[3]);
    setrlimit(RLIMIT_CORE, &no_core);
    for (i = 0; i < most; i++) {
        snprintf(to, sizeof to, "%d", i + 1);
        mkdir(to, 0777);
        busy += next(&jobs[i]);
    }
    while (busy && (pid = wait(&status)) > 0) {
        for (i = 0; jobs[i].pid != pid; i++)
            ;
        kill(-pid, SIGKILL); /* what it has left behind */
        status = WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
        if (!jobs[i].running && !status) {
            jobs[i].running = 1;
            start(&jobs[i], program);
            continue;
        }
        printf("%s %s %d\n", jobs[i].word[0], jobs[i].running ? "run" : "compile", status);
        if (!jobs[i].running) {
            snprintf(from, sizeof from, "%d/log", i + 1);
            snprintf(to, sizeof to, "%s.log", jobs[i].word[0]);
            rename(from, to);
        }
        busy += next(&jobs[i]) - 1;
    }
    return 0;
}
