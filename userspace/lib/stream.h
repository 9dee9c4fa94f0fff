/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_STREAM_H
#define _LIB_STREAM_H

#include "tls.h"

bool stream_run(struct tls *tls, int in, int out, int stop, int silent_ms);

#endif /* _LIB_STREAM_H */
