// Going from one stack to another. void ref_switch(void **save, void *to): the callee-saved registers are pushed, the stack
// pointer is stored in *save, and the same is undone on the stack `to`. Signal mask and floating-point modes are the same everywhere,
// so they stay. A first context (stack/slot.c) returns to ref_start, which calls a function that never returns.
#if defined __x86_64__
    .text
    .globl ref_switch
    .hidden ref_switch
    .type ref_switch, @function
    .p2align 4
ref_switch:
    .cfi_startproc
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .cfi_endproc
    .size ref_switch, . - ref_switch

    .globl ref_start
    .hidden ref_start
    .type ref_start, @function
    .p2align 4
ref_start: // %rbx: its argument, %r12: the function
    .cfi_startproc
    .cfi_undefined %rip
    movq %rbx, %rdi
    call *%r12
    ud2
    .cfi_endproc
    .size ref_start, . - ref_start
#elif defined __i386__
    .text
    .globl ref_switch
    .hidden ref_switch
    .type ref_switch, @function
    .p2align 4
ref_switch:
    .cfi_startproc
    movl 4(%esp), %eax
    movl 8(%esp), %edx
    pushl %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    movl %esp, (%eax)
    movl %edx, %esp
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret
    .cfi_endproc
    .size ref_switch, . - ref_switch

    .globl ref_start
    .hidden ref_start
    .type ref_start, @function
    .p2align 4
ref_start: // %ebx: its argument, %esi: the function
    .cfi_startproc
    .cfi_undefined %eip
    subl $12, %esp
    pushl %ebx
    call *%esi
    ud2
    .cfi_endproc
    .size ref_start, . - ref_start
#elif defined __aarch64__
    .text
    .globl ref_switch
    .hidden ref_switch
    .type ref_switch, %function
    .p2align 4
ref_switch:
    .cfi_startproc
    sub sp, sp, #160
    stp x19, x20, [sp]
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp x29, x30, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mov x9, sp
    str x9, [x0]
    mov sp, x1
    ldp x19, x20, [sp]
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp x29, x30, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    add sp, sp, #160
    ret
    .cfi_endproc
    .size ref_switch, . - ref_switch

    .globl ref_start
    .hidden ref_start
    .type ref_start, %function
    .p2align 4
ref_start: // x19: its argument, x20: the function
    .cfi_startproc
    .cfi_undefined x30
    mov x0, x19
    blr x20
    brk #1
    .cfi_endproc
    .size ref_start, . - ref_start
#else
#error "ref has no context switch for this processor yet"
#endif
    .section .note.GNU-stack,"",%progbits
