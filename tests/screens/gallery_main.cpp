// SPDX-License-Identifier: EUPL-1.2
// Writes the screens of the product as PNG files with a page that shows them all. Started by ./run
// screens. Usage: screens_gallery --out DIR [--shot NAME] [--language TAG]... [--text PERCENT]...
// [--contrast light|dark|high] [--landscape|--low]
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/screens/album.hpp"
#include "tests/screens/png.hpp"

namespace {

struct Arguments {
    std::string out;
    std::string shot;  ///< empty = all
    std::vector<std::string> languages;
    std::vector<std::uint16_t> percents;
    album::Look look;
};

bool parse(const std::vector<std::string>& args, Arguments& out) {
    for (std::size_t i = 0; i < args.size(); ++i) {
        const bool more = i + 1 < args.size();
        if (args[i] == "--landscape") {
            out.look.panel = album::landscape;
        } else if (args[i] == "--low") {
            out.look.low_reach = true;
        } else if (!more) {
            return false;
        } else if (args[i] == "--out") {
            out.out = args[++i];
        } else if (args[i] == "--shot") {
            out.shot = args[++i];
        } else if (args[i] == "--language") {
            out.languages.push_back(args[++i]);
        } else if (args[i] == "--text") {
            out.percents.push_back(static_cast<std::uint16_t>(std::atoi(args[++i].c_str())));
        } else if (args[i] == "--contrast") {
            const std::string& name = args[++i];
            out.look.contrast = name == "dark"   ? view::Contrast::dark
                                : name == "high" ? view::Contrast::high
                                                 : view::Contrast::light;
        } else {
            return false;
        }
    }
    if (out.languages.empty()) out.languages = {"de", "en", "ar", "de-x-leicht"};
    if (out.percents.empty()) out.percents = {100};
    return !out.out.empty();
}

}  // namespace

int main(int argc, char** argv) {
    Arguments arguments;
    if (!parse({argv + 1, argv + argc}, arguments)) {
        std::fputs(
            "usage: screens_gallery --out DIR [--shot NAME] [--language TAG] [--text PERCENT] "
            "[--contrast NAME] [--landscape|--low]\n",
            stderr);
        return 2;
    }
    std::filesystem::create_directories(arguments.out);
    std::ofstream page(arguments.out + "/index.html");
    page << "<!doctype html><meta charset=\"utf-8\"><title>Freigabe: screens</title>"
            "<style>body{font:16px "
            "sans-serif;background:#ddd}figure{display:inline-block;margin:8px}img{width:270px;"
            "display:block}</style>\n";
    album::Album album;
    std::size_t count = 0;
    for (const std::string& language : arguments.languages) {
        for (const std::uint16_t percent : arguments.percents) {
            album::Look look = arguments.look;
            look.language = language;
            look.text_percent = percent;
            page << "<h2>" << language << ", " << percent << " %</h2>\n";
            const auto keep = [&](const album::Picture& p) {
                if (!arguments.shot.empty() && !p.name.starts_with(arguments.shot + "_")) return;
                if (!png::write(arguments.out + "/" + p.name + ".png", p.frame)) return;
                page << "<figure><img src=\"" << p.name << ".png\"><figcaption>" << p.name
                     << "</figcaption></figure>\n";
                ++count;
            };
            album.each(look, keep);
            album.each_failure(look, keep);
        }
    }
    std::printf("%zu pictures, see %s/index.html\n", count, arguments.out.c_str());
    return 0;
}
