package dev.sallyport.plugins.secretfiles;

import dev.sallyport.api.config.Doc;
import java.nio.file.Path;

/** The settings of one service. */
public record SecretFilesConfig(
        @Doc("The folder, relative to the file that names it; a key is a file's name in it.")
        Path path) {}
