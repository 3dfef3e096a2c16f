// SPDX-License-Identifier: EUPL-1.2
// The USB plug of the reader: what pcscd asks libudev for, answered by the script. Loaded into
// pcscd before the real libudev (LD_PRELOAD), so that pcscd's own code adds and removes the reader
// as it does for one that a person plugs in. The monitor's thread looks at the script; all else is
// called by pcscd's thread for USB. Norm: libudev of systemd, the 21 functions of it that pcscd
// uses.
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "tests/reader/script.hpp"

namespace {

using namespace std::chrono_literals;

const char* script_path() {
    const char* path = std::getenv("READER_SCRIPT");
    return path == nullptr ? "" : path;
}
bool plugged() {
    return !reader::Script::read(script_path()).is("plugged", "no");
}

// There is one device, one list and one monitor; their addresses are all that pcscd needs.
int one_of_each = 0;
std::atomic<bool> added = false;  ///< what the monitor has told last

/// Writes to the monitor's descriptor whenever the plug is moved. Ends with pcscd.
void watch(int descriptor) {
    for (;;) {
        std::this_thread::sleep_for(50ms);
        const bool now = plugged();
        if (added.exchange(now) == now) continue;
        const std::uint64_t once = 1;
        // An eventfd takes it unless pcscd is at its end.
        if (::write(descriptor, &once, sizeof once) < 0) return;
    }
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

void* udev_new() {
    return &one_of_each;
}
void* udev_unref(void*) {
    return nullptr;
}

void* udev_enumerate_new(void*) {
    return &one_of_each;
}
int udev_enumerate_add_match_subsystem(void*, const char*) {
    return 0;
}
int udev_enumerate_scan_devices(void*) {
    return 0;
}
void* udev_enumerate_get_list_entry(void*) {
    added = plugged();
    return added ? &one_of_each : nullptr;
}
void* udev_enumerate_unref(void*) {
    return nullptr;
}
const char* udev_list_entry_get_name(void*) {
    return script_path();
}
void* udev_list_entry_get_next(void*) {
    return nullptr;
}

void* udev_device_new_from_syspath(void*, const char*) {
    return &one_of_each;
}
void* udev_device_unref(void*) {
    return nullptr;
}
void* udev_device_get_parent_with_subsystem_devtype(void* device, const char*, const char*) {
    return device;
}
const char* udev_device_get_devnode(void*) {
    return script_path();
}
const char* udev_device_get_sysname(void*) {
    return "1-1:1.0";
}
const char* udev_device_get_action(void*) {
    return added ? "add" : "remove";
}
/// The numbers of Info.plist in with_reader.sh.
const char* udev_device_get_sysattr_value(void*, const char* name) {
    const std::string_view asked(name);
    if (asked == "idVendor") return "fffe";
    if (asked == "idProduct") return "0001";
    if (asked == "bInterfaceNumber") return "00";
    return nullptr;
}

void* udev_monitor_new_from_netlink(void*, const char*) {
    return &one_of_each;
}
int udev_monitor_filter_add_match_subsystem_devtype(void*, const char*, const char*) {
    return 0;
}
int udev_monitor_enable_receiving(void*) {
    return 0;
}
int udev_monitor_get_fd(void*) {
    static const int descriptor = [] {
        const int made = ::eventfd(0, EFD_CLOEXEC);
        std::thread(watch, made).detach();
        return made;
    }();
    return descriptor;
}
void* udev_monitor_receive_device(void* monitor) {
    std::uint64_t times = 0;
    // pcscd calls it when there is something to read.
    (void)!::read(udev_monitor_get_fd(monitor), &times, sizeof times);
    return &one_of_each;
}

}  // extern "C"
#pragma GCC visibility pop
