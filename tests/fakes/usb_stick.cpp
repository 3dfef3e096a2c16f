// SPDX-License-Identifier: EUPL-1.2
#include "tests/fakes/usb_stick.hpp"

#include <cerrno>

namespace fakes {
namespace {

auto failed(int error) {
    return base::fail(base::Errc::file_io, "fake stick", static_cast<std::uint32_t>(error));
}

std::string folder_of(std::string_view path) {
    return std::string(path.substr(0, path.rfind('/')));
}

}  // namespace

void UsbStick::fail_at(const Failure& failure) {
    failure_ = failure;
    changes_ = 0;
}

std::optional<UsbStick::Failure> UsbStick::next_fault() {
    const unsigned call = changes_++;
    if (!failure_ || call < failure_->call) return std::nullopt;
    if (call == failure_->call) return failure_;
    if (failure_->once) return std::nullopt;
    return Failure{call, Fault::refuse, EIO, false};
}

void UsbStick::change(Change change) {
    for (const auto& [path, bytes] : change.files) {
        if (bytes) {
            visible_[path] = *bytes;
        } else {
            visible_.erase(path);
        }
    }
    pending_.push_back(std::move(change));
}

void UsbStick::pull() {
    for (const Change& change : pending_) {
        if (engine_() % 2 == 0) continue;
        for (const auto& [path, bytes] : change.files) {
            if (bytes) {
                durable_[path] = *bytes;
            } else {
                durable_.erase(path);
            }
        }
    }
    pending_.clear();
    visible_ = durable_;
    failure_.reset();
}

void UsbStick::put(const std::string& path, std::string bytes) {
    visible_[path] = bytes;
    durable_[path] = std::move(bytes);
}

base::Result<UsbStick::Listing> UsbStick::list(std::string_view folder) {
    const std::string prefix = std::string(folder) + "/";
    Listing listing;
    bool exists = false;
    for (const auto& [path, bytes] : visible_) {
        if (!path.starts_with(prefix)) continue;
        exists = true;
        std::string name = path.substr(prefix.size());
        name = name.substr(0, name.find('/'));
        if (listing.names.empty() || listing.names.back() != name) listing.names.push_back(name);
    }
    if (!exists) return failed(ENOENT);
    return listing;
}

base::Result<std::string> UsbStick::read(std::string_view path, std::size_t bytes_max) {
    const auto found = visible_.find(std::string(path));
    if (found == visible_.end()) return failed(ENOENT);
    if (found->second.size() > bytes_max)
        return base::fail(base::Errc::stick_bad, "stick file is too large");
    if (path != damaged_) return found->second;
    std::string other = found->second;
    if (!other.empty()) other.back() = static_cast<char>(other.back() ^ 1);
    return other;
}

base::Result<void> UsbStick::write(std::string_view path, std::string_view bytes) {
    const auto fault = next_fault();
    if (fault && fault->fault == Fault::refuse) return failed(fault->error);
    const std::string name(path);
    if (visible_.contains(name)) return failed(EEXIST);
    const std::string_view written = fault ? bytes.substr(0, bytes.size() / 2) : bytes;
    change({folder_of(path), {{name, std::string(written)}}});
    if (fault) return failed(fault->error);
    return {};
}

base::Result<void> UsbStick::rename(std::string_view path, std::string_view name) {
    const auto fault = next_fault();
    if (fault && fault->fault == Fault::refuse) return failed(fault->error);
    const auto found = visible_.find(std::string(path));
    if (found == visible_.end()) return failed(ENOENT);
    const std::string folder = folder_of(path);
    change(
        {folder,
         {{std::string(path), std::nullopt}, {folder + "/" + std::string(name), found->second}}});
    if (fault) return failed(fault->error);
    return {};
}

base::Result<void> UsbStick::remove(std::string_view path) {
    const auto fault = next_fault();
    if (fault && fault->fault == Fault::refuse) return failed(fault->error);
    if (visible_.contains(std::string(path)))
        change({folder_of(path), {{std::string(path), std::nullopt}}});
    if (fault) return failed(fault->error);
    return {};
}

base::Result<void> UsbStick::sync(std::string_view folder) {
    // A failed sync promises nothing, half of it neither.
    if (const auto fault = next_fault()) return failed(fault->error);
    std::vector<Change> others;
    for (Change& change : pending_) {
        if (change.folder != folder) {
            others.push_back(std::move(change));
            continue;
        }
        for (const auto& [path, bytes] : change.files) {
            if (bytes) {
                durable_[path] = *bytes;
            } else {
                durable_.erase(path);
            }
        }
    }
    pending_ = std::move(others);
    return {};
}

}  // namespace fakes
