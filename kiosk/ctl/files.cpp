// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/ctl/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "drivers/base/handle.hpp"
#include "drivers/base/secret.hpp"

namespace ctl {
namespace {

using File = base::Handle<int, [](int fd) { ::close(fd); }>;

constexpr std::size_t line_bytes_max = 256;

auto io_failed(const char* where) {
    return base::fail(base::Errc::file_io, where, static_cast<std::uint32_t>(errno));
}

}  // namespace

base::Result<base::Bytes> read_file(std::string_view path, std::size_t bytes_max) {
    const int fd = ::open(std::string(path).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return io_failed("read_file open");
    const File file(fd);
    base::Bytes content;
    base::Bytes part(65'536);
    for (;;) {
        const ssize_t got = ::read(file.get(), part.data(), part.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return io_failed("read_file");
        if (got == 0) break;
        base::append(content, base::ByteView(part).first(static_cast<std::size_t>(got)));
        if (content.size() > bytes_max) {
            return base::fail(base::Errc::file_io, "read_file", EFBIG);
        }
    }
    base::wipe(part);
    return content;
}

base::Result<void> write_file(std::string_view path, base::ByteView content, unsigned mode) {
    const int fd =
        ::open(std::string(path).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0) return io_failed("write_file open");
    const File file(fd);
    while (!content.empty()) {
        const ssize_t put = ::write(file.get(), content.data(), content.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return io_failed("write_file");
        content = content.subspan(static_cast<std::size_t>(put));
    }
    return {};
}

base::Result<std::vector<std::string>> list_folder(std::string_view path) {
    std::error_code error;
    std::vector<std::string> names;
    for (std::filesystem::directory_iterator entry(path, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code ignored;  // an entry that vanished meanwhile is simply not a file
        if (entry->is_regular_file(ignored)) names.push_back(entry->path().string());
    }
    if (error) {
        return base::fail(base::Errc::file_io, "list_folder",
                          static_cast<std::uint32_t>(error.value()));
    }
    std::ranges::sort(names);
    return names;
}

base::Result<base::Bytes> read_line_from_stdin() {
    base::Bytes line;
    line.reserve(line_bytes_max);  // never moved while growing, so one wipe reaches all of it
    while (line.size() < line_bytes_max) {
        std::uint8_t byte = 0;
        const ssize_t got = ::read(STDIN_FILENO, &byte, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return io_failed("read_line_from_stdin");
        if (got == 0 && line.empty())
            return base::fail(base::Errc::file_io, "read_line_from_stdin");
        if (got == 0 || byte == '\n') {
            if (!line.empty() && line.back() == '\r') line.pop_back();
            return line;
        }
        line.push_back(byte);
    }
    base::wipe(line);
    return base::fail(base::Errc::file_io, "read_line_from_stdin");
}

void print_error(const base::Error& error) {
    std::fprintf(stderr, "error: %s (%d) in %s, detail 0x%X\n", base::name(error.code).data(),
                 static_cast<int>(error.code), error.where, error.detail);
}

}  // namespace ctl
