// SPDX-License-Identifier: EUPL-1.2
#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "drivers/base/encoding.hpp"

namespace fakes {
namespace {

std::filesystem::path path_of(std::string_view name) {
    return std::filesystem::path(FREIGABE_SOURCE_DIR) / "tests/vectors" / name;
}

std::string trim(std::string text) {
    const auto blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
    while (!text.empty() && blank(text.back())) text.pop_back();
    while (!text.empty() && blank(text.front())) text.erase(text.begin());
    return text;
}

}  // namespace

VectorFile::VectorFile(std::string_view name) {
    std::ifstream file(path_of(name));
    REQUIRE_MESSAGE(file.good(), "no vector file ", std::string(name));
    for (std::string line; std::getline(file, line);) {
        const auto at = line.find('=');
        if (line.starts_with('#') || at == std::string::npos) continue;
        values_[trim(line.substr(0, at))] = trim(line.substr(at + 1));
    }
}

base::Bytes VectorFile::bytes(const std::string& key) const {
    return hex(text(key));
}

std::string VectorFile::text(const std::string& key) const {
    const auto found = values_.find(key);
    REQUIRE_MESSAGE(found != values_.end(), "no value ", key);
    return found->second;
}

base::Bytes read_hex_file(std::string_view name) {
    std::ifstream file(path_of(name));
    REQUIRE_MESSAGE(file.good(), "no vector file ", std::string(name));
    std::stringstream content;
    content << file.rdbuf();
    std::string digits = content.str();
    std::erase_if(digits, [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; });
    return hex(digits);
}

std::vector<std::string> vector_files(std::string_view folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path_of(folder))) {
        names.push_back(std::string(folder) + "/" + entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
}

base::Bytes hex(std::string_view text) {
    const auto bytes = base::from_hex(text);
    REQUIRE_MESSAGE(bytes.has_value(), "no hex: ", std::string(text));
    return *bytes;
}

}  // namespace fakes
