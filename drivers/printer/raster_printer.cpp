// SPDX-License-Identifier: EUPL-1.2
#include "drivers/printer/raster_printer.hpp"

#include <fcntl.h>
#include <linux/lp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "drivers/base/handle.hpp"
#include "drivers/base/secret.hpp"
#include "drivers/printer/escpos.hpp"

namespace printer {
namespace {

using base::Errc;

void close_device(int fd) {
    (void)::close(fd);  // what was not taken was told by write
}
using Device = base::Handle<int, close_device>;

tl::unexpected<base::Error> device_failed(const char* where, int why) {
    return base::fail(Errc::device_failed, where, static_cast<std::uint32_t>(why));
}

base::Result<Device> open_device(const std::string& path) {
    // Not blocking: a printer without paper would hold the call.
    const int fd = ::open(path.c_str(), O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        const bool absent = errno == ENOENT || errno == ENODEV || errno == ENXIO;
        return base::fail(absent ? Errc::device_absent : Errc::device_failed, "printer",
                          static_cast<std::uint32_t>(errno));
    }
    Device device(fd);
    struct stat found {};
    // A file in its place would keep take-back codes.
    if (::fstat(fd, &found) != 0 || !S_ISCHR(found.st_mode))
        return device_failed("printer is no device", 0);
    return device;
}

/// What USB printers say of themselves; one that says nothing is asked nothing.
base::Result<void> look_for_paper(int fd) {
    int status = 0;
    if (::ioctl(fd, LPGETSTATUS, &status) != 0) return {};
    if ((status & LP_POUTPA) != 0) return device_failed("printer paper", 0);
    return {};
}

/// Until the device takes more, which also means that it has what it took before: a USB printer
/// that is closed earlier loses the last piece.
base::Result<void> wait_for_device(int fd, int wait_ms_max) {
    for (;;) {
        pollfd ready{fd, POLLOUT, 0};
        const int count = ::poll(&ready, 1, wait_ms_max);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return device_failed("printer takes nothing", count < 0 ? errno : 0);
        if ((ready.revents & POLLOUT) == 0) return device_failed("printer gone", 0);
        return {};
    }
}

base::Result<void> send(int fd, base::ByteView bytes, int wait_ms_max) {
    while (!bytes.empty()) {
        TRY_VOID(wait_for_device(fd, wait_ms_max));
        const std::size_t piece = std::min(bytes.size(), limits::printer_write_bytes);
        const ssize_t taken = ::write(fd, bytes.data(), piece);
        if (taken < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (taken <= 0) return device_failed("printer write", errno);
        bytes = bytes.subspan(static_cast<std::size_t>(taken));
    }
    return wait_for_device(fd, wait_ms_max);
}

}  // namespace

base::Result<void> RasterPrinter::print(const port::SlipImage& slip) {
    TRY(bytes, escpos_of(slip));
    const auto printed = [&]() -> base::Result<void> {
        TRY(device, open_device(options_.path));
        TRY_VOID(look_for_paper(device.get()));
        if (std::exchange(broke_off_, true))
            TRY_VOID(send(device.get(), escpos_resume(), options_.wait_ms_max));
        TRY_VOID(send(device.get(), bytes, options_.wait_ms_max));
        broke_off_ = false;
        // Behind the last byte: paper that ended on the way has cut the slip short.
        return look_for_paper(device.get());
    }();
    base::wipe(bytes);
    return printed;
}

}  // namespace printer
