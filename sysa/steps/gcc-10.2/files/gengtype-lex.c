/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In the place of the lexer that flex makes of gengtype-lex.l: cuts the files that gengtype reads into tokens. Outside of
 * declarations all is skipped but the words that can begin one, at the start of a line; gengtype-parse.c says when a declaration
 * has ended. */
#include "bconfig.h"
#include "system.h"
#include "gengtype.h"

struct fileloc lexer_line;
int lexer_toplevel_done;

static char *text; /* the file, with '\0' at its end */
static const char *at;
static bool inside; /* of a declaration */

void
yybegin (const char *fname)
{
  FILE *file = fopen (fname, "r");
  size_t length = 0, size = 1 << 20, got;
  if (!file)
    {
      perror (fname);
      exit (1);
    }
  text = XNEWVEC (char, size);
  while ((got = fread (text + length, 1, size - length, file)))
    if ((length += got) == size)
      text = XRESIZEVEC (char, text, size *= 2);
  fclose (file);
  text[length] = '\0';
  at = text;
  inside = false;
  lexer_line.file = input_file_by_name (fname);
  lexer_line.line = 1;
}

void
yyend (void)
{
  free (text);
}

static bool
in_word (char c)
{
  return ISALNUM (c) || c == '_';
}

static const char *
after_blanks (const char *p)
{
  while (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\v' || *p == '\f')
    p++;
  return p;
}

static const char *
after_space (const char *p)
{
  while (ISSPACE (*p))
    p++;
  return p;
}

static const char *
after_word (const char *p)
{
  if (!ISDIGIT (*p))
    while (in_word (*p))
      p++;
  return p;
}

/* Behind an identifier, with what stands before and behind its "::".  */

static const char *
after_name (const char *p)
{
  const char *next;
  p = after_word (p);
  for (;;)
    {
      next = after_blanks (p);
      if (next[0] != ':' || next[1] != ':')
	return p;
      next = after_blanks (next + 2);
      if (after_word (next) == next)
	return p;
      p = after_word (next);
    }
}

static void
count_lines (const char *from, const char *to)
{
  for (; from < to; from++)
    if (*from == '\n')
      lexer_line.line++;
}

static void
broken (const char *what)
{
  error_at_line (&lexer_line, "%s", what);
  exit (1);
}

static void
skip_line (void)
{
  while (*at && *at != '\n')
    at++;
  if (*at)
    {
      at++;
      lexer_line.line++;
    }
}

static void
skip_comment (void)
{
  const char *end = strstr (at + 2, "*/");
  if (!end)
    broken ("unterminated comment");
  count_lines (at, end);
  at = end + 2;
}

/* Behind the string, the character or the array bound that begins at AT with its first character.  */

static const char *
after_string (void)
{
  const char *p = at + 1;
  for (; *p != '"'; p++)
    if (!*p || (*p == '\\' && !*++p))
      broken ("unterminated string");
  return p + 1;
}

static const char *
after_character (void)
{
  const char *p = at + 1;
  if (*p == '\\')
    p++;
  return *p && p[1] == '\'' ? p + 2 : at;
}

static const char *
after_array (void)
{
  const char *p = at + 1 + strcspn (at + 1, "[]");
  return *p == ']' ? p + 1 : at;
}

static int
with_value (int token, const char **value, const char *from, const char *to)
{
  char *copy = XNEWVEC (char, to - from + 1);
  memcpy (copy, from, to - from);
  copy[to - from] = '\0';
  *value = copy;
  return token;
}

static bool
is (const char *word, size_t length, const char *what)
{
  return strlen (what) == length && memcmp (word, what, length) == 0;
}

static bool
is_one_of (const char *word, size_t length, const char *const *list)
{
  for (; *list; list++)
    if (is (word, length, *list))
      return true;
  return false;
}

static const char *const scalars[] = { "short", "long", "unsigned", "signed", "char", "int", "HOST_WIDE_INT", "uint64_t",
  "int64_t", "bool", "size_t", "BOOL_BITFIELD", "CPPCHAR_SIGNED_T", "ino_t", "dev_t", "HARD_REG_SET", NULL };
static const char *const ignorable[] = { "inline", "template", "operator", "friend", "static", "mutable", NULL };
static const char *const sections[] = { "public", "private", "protected", NULL };
static const struct { const char *word; int token; } words[] = { { "GTY", GTY_TOKEN }, { "union", UNION }, { "struct", STRUCT },
  { "class", STRUCT }, { "typedef", TYPEDEF }, { "enum", ENUM }, { "ptr_alias", PTR_ALIAS }, { "nested_ptr", NESTED_PTR },
  { "user", USER_GTY } };
static const struct { const char *word; int token; } beginnings[] = { { "typedef", TYPEDEF }, { "struct", STRUCT },
  { "union", UNION }, { "class", STRUCT }, { "extern", EXTERN }, { "static", STATIC } };

/* The word at AT, inside of a declaration; 0 if it is of no interest.  */

static int
word_token (const char **value)
{
  const char *from = at, *end = after_word (at), *next;
  size_t length = end - from, i;

  at = after_name (from);
  if (at > end)
    return with_value (ID, value, from, at);
  if (is (from, length, "const"))
    return 0;
  if (is_one_of (from, length, sections) && *end == ':')
    return with_value (IGNORABLE_CXX_KEYWORD, value, from, ++at);
  if (is_one_of (from, length, ignorable))
    return with_value (IGNORABLE_CXX_KEYWORD, value, from, at);
  for (i = 0; i < ARRAY_SIZE (words); i++)
    if (is (from, length, words[i].word))
      return words[i].token;
  if (is_one_of (from, length, scalars))
    {
      for (;;)
	{
	  next = after_space (at);
	  end = after_word (next);
	  if (next == at || !is_one_of (next, end - next, scalars))
	    break;
	  at = end;
	}
      count_lines (from, at);
      return with_value (SCALAR, value, from, at);
    }
  if (is (from, length, "ENUM_BITFIELD") && *(next = after_space (at)) == '(')
    {
      next = after_space (next + 1);
      end = after_name (next);
      if (end > next && *(end = after_space (end)) == ')')
	{
	  at = end + 1;
	  count_lines (from, at);
	  return with_value (SCALAR, value, from, at);
	}
    }
  return with_value (ID, value, from, at);
}

static int
inside_token (const char **value)
{
  const char *from, *end;
  int token;

  for (;;)
    {
      from = at;
      if (!*at)
	return EOF_TOKEN;
      else if (ISSPACE (*at))
	{
	  at = after_space (at);
	  count_lines (from, at);
	}
      else if (at[0] == '\\' && at[1] == '\n')
	{
	  at += 2;
	  lexer_line.line++;
	}
      else if (at[0] == '/' && at[1] == '*')
	skip_comment ();
      else if (at[0] == '/' && at[1] == '/')
	skip_line ();
      else if (ISDIGIT (*at))
	{
	  while (ISDIGIT (*at))
	    at++;
	  return NUM;
	}
      else if (in_word (*at))
	{
	  token = word_token (value);
	  if (token)
	    return token;
	}
      else if (*at == '"')
	{
	  at = after_string ();
	  return with_value (STRING, value, from + 1, at - 1);
	}
      else if (*at == '[' && (end = after_array ()) > at)
	{
	  at = end;
	  return with_value (ARRAY, value, from + 1, at - 1);
	}
      else if (*at == '\'' && (end = after_character ()) > at)
	{
	  at = end;
	  return with_value (CHAR, value, from + 1, at - 1);
	}
      else if (*at == '#' && (at == text || at[-1] == '\n'))
	skip_line ();
      else if (*at == '~' || *at == '^' || *at == '&')
	return with_value (IGNORABLE_CXX_KEYWORD, value, from, ++at);
      else if (at[0] == '.' && at[1] == '.' && at[2] == '.')
	{
	  at += 3;
	  return ELLIPSIS;
	}
      else if (strchr ("(){},*:<>;=%/|+!?.-", *at))
	return *at++;
      else
	broken ("unexpected character");
    }
}

int
yylex (const char **value)
{
  const char *end;
  size_t i;

  *value = NULL;
  if (lexer_toplevel_done)
    {
      inside = false;
      lexer_toplevel_done = 0;
    }
  while (!inside)
    {
      if (!*at)
	return EOF_TOKEN;
      if (at == text || at[-1] == '\n')
	{
	  at = after_blanks (at);
	  end = after_word (at);
	  for (i = 0; i < ARRAY_SIZE (beginnings); i++)
	    if (*end && is (at, end - at, beginnings[i].word))
	      {
		at = end;
		inside = true;
		return beginnings[i].token;
	      }
	}
      if (at[0] == '/' && at[1] == '*')
	skip_comment ();
      else if (at[0] == '/' && at[1] == '/')
	skip_line ();
      else if (*at == '"')
	{
	  end = after_string ();
	  count_lines (at, end);
	  at = end;
	}
      else if (*at == '\'' && (end = after_character ()) > at)
	at = end;
      else if (in_word (*at) && !ISDIGIT (*at))
	at = after_word (at);
      else if (*at++ == '\n')
	lexer_line.line++;
    }
  return inside_token (value);
}
