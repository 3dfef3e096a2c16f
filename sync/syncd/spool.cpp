// SPDX-License-Identifier: EUPL-1.2
#include "sync/syncd/spool.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "drivers/base/limits.hpp"
#include "drivers/base/log.hpp"
#include "sync/http/grammar.hpp"
#include "sync/syncd/file.hpp"

namespace syncd {
namespace {

using base::Errc;

constexpr std::string_view receipt_prefix = "receipt-";
constexpr std::string_view receipt_suffix = ".set";
constexpr const char* time_floor_name = "time_floor";

std::string name_of(Lane lane) {
    return lane == Lane::advance ? "advance.body" : "batch.body";
}

std::string receipt_name(std::uint64_t number) {
    return std::string(receipt_prefix) + std::to_string(number) + std::string(receipt_suffix);
}

std::optional<std::uint64_t> receipt_number(std::string_view name) {
    if (!name.starts_with(receipt_prefix) || !name.ends_with(receipt_suffix)) return std::nullopt;
    name.remove_prefix(receipt_prefix.size());
    name.remove_suffix(std::min(name.size(), receipt_suffix.size()));
    return http::parse_decimal(name);
}

auto failed(const char* where, int error) {
    return base::fail(Errc::file_io, where, static_cast<std::uint32_t>(error));
}

}  // namespace

base::Result<Spool> Spool::open(const std::string& path) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return failed("spool folder", errno);
    Spool spool(path);
    TRY_VOID(spool.scan());
    return spool;
}

base::Result<void> Spool::scan() {
    std::error_code error;
    std::vector<std::string> half_written;
    for (std::filesystem::directory_iterator it(path_, error), end; !error && it != end;
         it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (name.ends_with(".tmp")) half_written.push_back(name);
        if (const auto number = receipt_number(name)) receipts_.push_back(*number);
    }
    if (error) return failed("spool scan", error.value());
    for (const std::string& name : half_written) TRY_VOID(remove(name));
    std::sort(receipts_.begin(), receipts_.end());
    if (!receipts_.empty()) next_receipt_ = receipts_.back() + 1;
    if (const auto floor = read(time_floor_name, 32)) {
        // A damaged file is no time floor; the configured one remains.
        time_floor_ms_ = http::parse_decimal(*floor).value_or(0);
    }
    return {};
}

base::Result<void> Spool::write(const std::string& name, std::string_view bytes) {
    TRY_VOID(replace_file(path_ + "/" + name, bytes));
    return sync_folder();
}

base::Result<std::string> Spool::read(const std::string& name, std::size_t bytes_max) {
    return read_file(path_ + "/" + name, bytes_max);
}

base::Result<void> Spool::remove(const std::string& name) {
    if (::unlink((path_ + "/" + name).c_str()) != 0 && errno != ENOENT)
        return failed("spool remove", errno);
    return {};
}

base::Result<void> Spool::sync_folder() {
    return syncd::sync_folder(path_);
}

base::Result<std::string> Spool::body(Lane lane) {
    auto bytes = read(name_of(lane), limits::batch_bytes_max);
    if (bytes) return bytes;
    if (bytes.error().code == Errc::file_io && bytes.error().detail == ENOENT) return std::string();
    if (bytes.error().code != Errc::message_too_large) return bytes;
    base::log_error(bytes.error());
    TRY_VOID(remove(name_of(lane)));
    return std::string();
}

base::Result<void> Spool::keep_body(Lane lane, std::string_view bytes) {
    return write(name_of(lane), bytes);
}

base::Result<void> Spool::drop_body(Lane lane) {
    return remove(name_of(lane));
}

bool Spool::has_room(std::size_t receipts) const {
    return receipts_.size() + receipts <= limits::spool_files_max;
}

base::Result<void> Spool::keep_receipt(std::string_view set) {
    TRY_VOID(write(receipt_name(next_receipt_), set));
    receipts_.push_back(next_receipt_++);
    return {};
}

base::Result<std::string> Spool::receipt(std::uint64_t number) {
    return read(receipt_name(number), limits::set_bytes_max);
}

base::Result<void> Spool::drop_receipt(std::uint64_t number) {
    TRY_VOID(remove(receipt_name(number)));
    std::erase(receipts_, number);
    return {};
}

base::Result<void> Spool::raise_time_floor(std::uint64_t ms) {
    if (ms <= time_floor_ms_) return {};
    TRY_VOID(write(time_floor_name, std::to_string(ms)));
    time_floor_ms_ = ms;
    return {};
}

}  // namespace syncd
