/*
 * ATK: installs, pins and upgrades the tools around AI-assisted development.
 *
 * This file is generated; it is part of the library's contract.
 *
 * A first program, without error handling:
 *
 *     atk_home *home = NULL;
 *     atk_result *added = NULL;
 *     atk_home_open("/home/me/.atk", NULL, &home, NULL);
 *     atk_home_init(home, NULL, NULL, NULL, &added, NULL);
 *     atk_result_free(added);
 *     atk_home_add(home, "openmemory", NULL, NULL, NULL, &added, NULL);
 *     puts(atk_result_directory(added, 0));
 *     atk_result_free(added);
 *     atk_home_free(home);
 *
 * Objects. Every object is opaque. What a function returns from `_new` or stores through a pointer
 * to a pointer is the caller's, and freed by the `_free` function of its type, once; freeing NULL
 * does nothing. What is "borrowed from" an object is valid until that object is freed, and must
 * not be freed itself. Never use `free()` on anything of the library.
 *
 * Status. A function that can fail returns an `atk_status`: `ATK_OK`, or the number of an error
 * kind. Its last parameter is an `atk_error **`: where that is not NULL, a failure stores an error
 * object there, which the caller frees; success leaves it alone. Out-parameters are written on
 * success only. NULL where something is needed, and text that is not UTF-8, is
 * `ATK_INVALID_ARGUMENT`; "Errors" below a function names what else to expect, and
 * `ATK_CANCELLED`, `ATK_IO`, `ATK_HOST_FAILED`, `ATK_HOME_LOCKED` and those of a home that is not
 * valid may come from any operation. `ATK_INTERNAL` is a defect of the library, which goes on
 * working. A getter that is given NULL returns NULL, 0 or false. Numbers are never reused;
 * later versions may return ones that this header does not list.
 *
 * Strings. All strings end with NUL and are UTF-8, coming and going; `ATK_INVALID_ARGUMENT` for
 * what is not. Paths, arguments and the environment are bytes of any kind. Strings that are handed
 * in are copied.
 *
 * Threads. There is no global state, and nothing to initialise. An `atk_home` and an `atk_cancel`
 * may be used by several threads at once, by as many calls as they like. Any other object is used
 * by one thread at a time. A pointer to const says that an object is only read.
 *
 * Calls. An operation blocks until it is done. It takes a handle on a home, its own arguments, if
 * it has any options these (NULL for the default ones), a table of callbacks (NULL for none), and a
 * cancel token (NULL for none). An option that an operation does not take is
 * `ATK_INVALID_ARGUMENT`. Lifecycle commands of plugins get no standard input, and their output arrives as
 * events: the library never reads or writes the program's own streams.
 *
 * Callbacks. They run on the thread that called the operation, one at a time, and only during the
 * call. They may call any function of the library, on any object but the ones that their caller is
 * using without const; what would change the home that the call is changing fails with
 * `ATK_HOME_NESTED`. They must not throw, and must not leave by `longjmp`. A callback that wants
 * the operation to end returns something else than 0.
 *
 * Cancelling. `atk_cancel_cancel()` is safe in a signal handler. The operation ends with
 * `ATK_CANCELLED` within 100 ms, plus up to 5 s that a command of a plugin is given to end by
 * itself, and the home is as it was before.
 *
 * Results. A result has accessors for what programs branch on, everything as a tree of values
 * (`atk_result_value()`), and the same as JSON: documents that are the same in every binding of the
 * library. docs/reference.md describes them: the fields of a report, say, and those of the lines in
 * its `plugins`. `result` may be NULL if it is not wanted.
 *
 * What a plugin's commands do outside its directory cannot be undone.
 */
