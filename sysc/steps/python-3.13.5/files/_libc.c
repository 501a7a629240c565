/* SPDX-License-Identifier: GPL-3.0-or-later */
/* _libc: the functions of libc with which a program enters namespaces of its own. Elsewhere Python calls them by ctypes, but a
   static program can load no libc. As there, each takes numbers, bytes and None (a null pointer), and returns -1 when the
   kernel refuses; get_errno() then tells why. */

#include <Python.h>
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

static int last_error;

static PyObject *call(PyObject *arguments, int first, long number)
{
	long word[7] = {number};
	Py_ssize_t count = PyTuple_Size(arguments);

	if (first + count > 7)
		return PyErr_Format(PyExc_TypeError, "a system call has at most 6 arguments");
	for (Py_ssize_t i = 0; i < count; i++) {
		PyObject *value = PyTuple_GetItem(arguments, i);

		if (PyBytes_Check(value))
			word[first + i] = (long)PyBytes_AsString(value);
		else if (value != Py_None)
			word[first + i] = PyLong_AsLong(value);
		if (PyErr_Occurred())
			return NULL;
	}
	long result = syscall(word[0], word[1], word[2], word[3], word[4], word[5], word[6]);

	last_error = errno;
	return PyLong_FromLong(result);
}

#define FUNCTION(name) static PyObject *name##_(PyObject *self, PyObject *arguments) { return call(arguments, 1, SYS_##name); }
FUNCTION(mount)
FUNCTION(prctl)
FUNCTION(umount2)
FUNCTION(unshare)

static PyObject *syscall_(PyObject *self, PyObject *arguments)
{
	return call(arguments, 0, 0);
}

static PyObject *get_errno(PyObject *self, PyObject *nothing)
{
	return PyLong_FromLong(last_error);
}

static PyMethodDef functions[] = {
	{"mount", mount_, METH_VARARGS, "mount(2)"},
	{"prctl", prctl_, METH_VARARGS, "prctl(2)"},
	{"syscall", syscall_, METH_VARARGS, "syscall(2)"},
	{"umount2", umount2_, METH_VARARGS, "umount2(2)"},
	{"unshare", unshare_, METH_VARARGS, "unshare(2)"},
	{"get_errno", get_errno, METH_NOARGS, "Why the last call failed."},
	{NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
	PyModuleDef_HEAD_INIT,
	.m_name = "_libc",
	.m_size = -1,
	.m_methods = functions,
};

PyMODINIT_FUNC PyInit__libc(void)
{
	return PyModule_Create(&module);
}
