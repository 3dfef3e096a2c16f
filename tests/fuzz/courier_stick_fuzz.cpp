// SPDX-License-Identifier: EUPL-1.2
// A whole stick: files between zero bytes, each its path, a line break and its bytes.
#include "sync/courier/overview.hpp"
#include "tests/fakes/usb_stick.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fakes::UsbStick stick;
    std::string_view rest = base::as_text({data, size});
    while (!rest.empty()) {
        const std::string_view file = rest.substr(0, rest.find('\0'));
        rest.remove_prefix(std::min(file.size() + 1, rest.size()));
        const std::size_t end = std::min(file.find('\n'), file.size() - 1);
        if (!file.empty())
            stick.put(std::string(file.substr(0, end)), std::string(file.substr(end + 1)));
    }
    (void)courier::look_at(stick);
    return 0;
}
