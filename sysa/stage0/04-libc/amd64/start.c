// SPDX-License-Identifier: GPL-3.0-or-later
// What C cannot say, for amd64: the program's first instructions, system calls, setjmp and longjmp.
// As bytes, with few directives, so that cc, tcc and gas read it alike.

// The kernel leaves argc at (rsp), argv from rsp + 8, then a null, then the environment.
__asm__(".globl _start");
__asm__("_start:");
__asm__(".byte 0x31,0xed");                             // xor  ebp, ebp        ends the chain of frames
__asm__(".byte 0x48,0x89,0xe7");                        // mov  rdi, rsp
__asm__(".byte 0x48,0x83,0xe4,0xf0");                   // and  rsp, -16        as the ABI wants it at a call
__asm__("call __start");                                // in stdlib.c; does not return

// long __syscall(long number, long a, long b, long c, long d, long e)
// From rdi rsi rdx rcx r8 r9 to rax rdi rsi rdx r10 r8.
__asm__(".globl __syscall");
__asm__("__syscall:");
__asm__(".byte 0x48,0x89,0xf8");                        // mov  rax, rdi
__asm__(".byte 0x48,0x89,0xf7");                        // mov  rdi, rsi
__asm__(".byte 0x48,0x89,0xd6");                        // mov  rsi, rdx
__asm__(".byte 0x48,0x89,0xca");                        // mov  rdx, rcx
__asm__(".byte 0x4d,0x89,0xc2");                        // mov  r10, r8
__asm__(".byte 0x4d,0x89,0xc8");                        // mov  r8, r9
__asm__(".byte 0x0f,0x05");                             // syscall
__asm__(".byte 0xc3");                                  // ret

// int setjmp(jmp_buf): keeps rbx rbp r12 r13 r14 r15, the caller's rsp and where to return.
__asm__(".globl setjmp");
__asm__("setjmp:");
__asm__(".byte 0x48,0x89,0x1f");                        // mov  [rdi], rbx
__asm__(".byte 0x48,0x89,0x6f,0x08");                   // mov  [rdi+8], rbp
__asm__(".byte 0x4c,0x89,0x67,0x10");                   // mov  [rdi+16], r12
__asm__(".byte 0x4c,0x89,0x6f,0x18");                   // mov  [rdi+24], r13
__asm__(".byte 0x4c,0x89,0x77,0x20");                   // mov  [rdi+32], r14
__asm__(".byte 0x4c,0x89,0x7f,0x28");                   // mov  [rdi+40], r15
__asm__(".byte 0x48,0x8d,0x44,0x24,0x08");              // lea  rax, [rsp+8]    without the return address
__asm__(".byte 0x48,0x89,0x47,0x30");                   // mov  [rdi+48], rax
__asm__(".byte 0x48,0x8b,0x04,0x24");                   // mov  rax, [rsp]
__asm__(".byte 0x48,0x89,0x47,0x38");                   // mov  [rdi+56], rax
__asm__(".byte 0x31,0xc0");                             // xor  eax, eax
__asm__(".byte 0xc3");                                  // ret

// void longjmp(jmp_buf, int value): back to where setjmp returns, now with value, or 1 for 0.
__asm__(".globl longjmp");
__asm__("longjmp:");
__asm__(".byte 0x89,0xf0");                             // mov  eax, esi
__asm__(".byte 0x85,0xc0");                             // test eax, eax
__asm__(".byte 0x75,0x02");                             // jnz  +2
__asm__(".byte 0xff,0xc0");                             // inc  eax
__asm__(".byte 0x48,0x8b,0x1f");                        // mov  rbx, [rdi]
__asm__(".byte 0x48,0x8b,0x6f,0x08");                   // mov  rbp, [rdi+8]
__asm__(".byte 0x4c,0x8b,0x67,0x10");                   // mov  r12, [rdi+16]
__asm__(".byte 0x4c,0x8b,0x6f,0x18");                   // mov  r13, [rdi+24]
__asm__(".byte 0x4c,0x8b,0x77,0x20");                   // mov  r14, [rdi+32]
__asm__(".byte 0x4c,0x8b,0x7f,0x28");                   // mov  r15, [rdi+40]
__asm__(".byte 0x48,0x8b,0x67,0x30");                   // mov  rsp, [rdi+48]
__asm__(".byte 0xff,0x67,0x38");                        // jmp  [rdi+56]
