// SPDX-License-Identifier: EUPL-1.2
// A fresh folder that goes with the test.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "drivers/base/bytes.hpp"
#include "drivers/base/check.hpp"

namespace test {

class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "syncd-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) std::abort();
        path_ = name;
    }
    ~Folder() {
        std::error_code ignored;  // a leftover folder harms no later test
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] std::string at(const std::string& name) const { return (path_ / name).string(); }
    void write(const std::string& name, std::string_view bytes) const {
        std::ofstream(path_ / name, std::ios::binary) << bytes;
        std::filesystem::permissions(path_ / name, std::filesystem::perms(0600));
    }

  private:
    std::filesystem::path path_;
};

}  // namespace test
