/* The header compiles by itself, and twice. */
#include "atk.h"
#include "atk.h"

int main(void) {
    return atk_abi_version() == ATK_ABI_VERSION ? 0 : 1;
}
