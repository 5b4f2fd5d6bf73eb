/// Work shared by oneDNN's thread team.
#ifndef RESNET_TUI_TEAM_H
#define RESNET_TUI_TEAM_H

#include <stddef.h>

typedef void (*rt_range_body)(const void* operands, size_t begin, size_t end);

/// `body` over 0 to `count`, a contiguous share each thread; shares end at multiples of `grain`.
/// The shares depend on nothing but the arguments and the size of the team.
void rt_team_run(rt_range_body body, const void* operands, size_t count, size_t grain);

#endif
