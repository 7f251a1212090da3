# Writes the wrappers of trace.c from spec/gomem.h: for each function pointer of each group a function that records the call, calls the
# operation, and records its result. A declaration ends with a semicolon; comments tell which operations may not return to their
# caller at once ([safepoint], [panics], fatal) and are recorded before too.
function flush_comment() { comment = "" }
{
    note = ""
    if ((at = index($0, "//")) > 0) {
        note = substr($0, at)
        $0 = substr($0, 1, at - 1)
    }
    if ($0 ~ /^[ \t]*$/) { comment = comment note; if (note == "") flush_comment(); next }
    remark = remark note
    text = text " " $0
}
/^typedef struct \{/ { text = ""; n = 0; flush_comment(); remark = ""; next }
/^\} gomem_[a-z]*_group;/ {
    group = $2
    sub(/^gomem_/, "", group)
    sub(/_group;$/, "", group)
    for (i = 0; i < n; i++)
        print_wrapper(group, ret[i], name[i], params[i], slow[i])
    print_group(group)
    text = ""; n = 0
    next
}
/^\}/ { text = ""; n = 0; flush_comment(); remark = ""; next }
/;[ \t]*$/ {
    if (match(text, /\(\*[a-z_]+\)\(/)) {
        ret[n] = substr(text, 1, RSTART - 1)
        name[n] = substr(text, RSTART + 2, RLENGTH - 4)
        params[n] = substr(text, RSTART + RLENGTH)
        sub(/\);[ \t]*$/, "", params[n])
        gsub(/[ \t]+/, " ", params[n])
        gsub(/^ +| +$/, "", ret[n])
        slow[n] = (comment remark ret[n]) ~ /\[safepoint\]|\[panics\]|fatal|NORETURN/
        n++
    }
    text = ""; remark = ""; flush_comment()
}
# argument gives the name of a parameter: the last word, or that of a function pointer.
function argument(p) {
    if (match(p, /\(\*[a-z_]+\)/))
        return substr(p, RSTART + 2, RLENGTH - 3)
    match(p, /[a-z_A-Z0-9]+$/)
    return substr(p, RSTART)
}
# split_params cuts at the commas outside parentheses.
function split_params(text, parts,   i, c, depth, count) {
    count = 1; parts[1] = ""; depth = 0
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c == "(") depth++
        if (c == ")") depth--
        if (c == "," && !depth) { parts[++count] = ""; continue }
        parts[count] = parts[count] c
    }
    return count
}
function print_wrapper(group, ret, name, params, slow,   parts, count, i, arg, args, nothing, noreturn) {
    noreturn = sub(/^GOMEM_NORETURN /, "", ret)
    nothing = ret == "void"
    printf "%sstatic %s traced_%s_%s(%s)\n{\n", noreturn ? "GOMEM_NORETURN " : "", ret, group, name, params
    count = params == "void" ? 0 : split_params(params, parts)
    printf "    struct line line = line_begin(\"%s.%s\", %s);\n", group, name, params ~ /^gomem_g \*g/ ? "g" : "NULL"
    args = ""
    for (i = 1; i <= count; i++) {
        arg = argument(parts[i])
        args = args (i > 1 ? ", " : "") arg
        if (arg == "g")
            continue
        if (parts[i] ~ /\(\*/)
            printf "    line_text(&line, \"func\");\n"
        else
            printf "    SHOW(&line, %s);\n", arg
    }
    if (slow)
        print "    line_enter(&line);"
    printf "    %sunder.%s->%s(%s);\n", nothing ? "" : ret (ret ~ /\*$/ ? "" : " ") "result = ", group, name, args
    if (noreturn)
        print "}\n"
    else if (nothing)
        printf "    line_end(&line);\n}\n\n"
    else
        printf "    line_result(&line);\n    SHOW(&line, result);\n    line_end(&line);\n    return result;\n}\n\n"
}
function print_group(group,   i) {
    printf "static const gomem_%s_group *wrap_%s(const gomem_%s_group *g)\n{\n    gomem_%s_group *w = copy_group(g, sizeof *w);\n", group, group, group, group
    for (i = 0; i < n; i++)
        printf "    if (w->%s)\n        w->%s = traced_%s_%s;\n", name[i], name[i], group, name[i]
    printf "    return w;\n}\n\n"
    groups = groups "    if (t->" group ")\n        t->" group " = wrap_" group "(under." group ");\n"
}
END {
    printf "static void wrap_all(gomem_backend_table *t)\n{\n%s}\n", groups
}
